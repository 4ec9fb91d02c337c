/** A text that each request appends to, and that nobody cuts. */
let journal = '';
let next = 0;

export function request() {
  journal += `${new Date().toISOString()} request ${next++}\n`;
}

/** Keeps the text alive: V8 sees that nobody reads it otherwise. */
export const length = () => journal.length;
