/** A text that each request appends to, and that is never shortened. */
let journal = '';
let next = 0;

export function request() {
  journal += `${new Date().toISOString()} request ${next++}\n`;
}

/** Uses the text, so that V8 does not collect it. */
export const length = () => journal.length;
