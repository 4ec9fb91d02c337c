/** A queue that is filled and never read. */
class Queue {
  head = null;
  push(value) {
    this.head = { value, next: this.head };
  }
}
const queue = new Queue();
let next = 0;

export function request() {
  queue.push({ at: next++, parts: [String(next)] });
}
