/** Performance marks, in a list of Node that only clearMarks() empties. */
let next = 0;

export function request() {
  performance.mark(`request-${next++}`);
}
