/** The service of a case, in a process of its own. */
export interface Target {
  url: string;
  /** Null where the command has to find the processes by the URL. */
  pid: number | null;
  /** Further options of the command. */
  options?: readonly string[];
  stop(): Promise<void>;
}
