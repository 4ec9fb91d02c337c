/** Work in progress in a private field, from which it is never removed. */
class Tracker {
  #inFlight = new Set();
  begin(at) {
    this.#inFlight.add({ at, steps: [at, at + 1], label: `work ${at}` });
  }
}
export const tracker = new Tracker();
let next = 0;

export function request() {
  tracker.begin(next++);
}
