/** Marks by request, in a list inside of Node that only clearMarks() empties. */
let next = 0;

export function request() {
  performance.mark(`request-${next++}`);
}
