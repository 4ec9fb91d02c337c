/** Replaces the part of a Markdown file between the two comments with this name. @throws Error if they are missing. */
export function fill(markdown: string, name: string, content: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [start, end] = [markdown.indexOf(open), markdown.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`the comments ${open} and ${close} are missing`);
  return `${markdown.slice(0, start + open.length)}\n\n${content}\n\n${markdown.slice(end)}`;
}
