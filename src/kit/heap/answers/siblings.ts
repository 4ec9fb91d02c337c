/** Objects of one class that hang from the same node of the dominator tree. */
export interface Siblings {
  className: string;
  count: number;
  retainedBytes: number;
}
