/** A log of events that nobody reads or cuts. */
const history = [];

export function request() {
  history.push({ at: history.length, tags: ['a', String(history.length)] });
}
