/** The service of a case, in a process of its own. */
export interface Target {
  url: string;
  pid: number;
  stop(): Promise<void>;
}
