/** The objects of one class that the same node immediately dominates. */
export interface Siblings {
  className: string;
  count: number;
  retainedBytes: number;
}
