/** Fills a place in a Markdown file: what stands between the two comments that name it. */
export function fill(markdown: string, name: string, content: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [start, end] = [markdown.indexOf(open), markdown.indexOf(close)];
  if (start < 0 || end < start)
    throw new Error(`no place for "${name}": it goes between ${open} and ${close}`);
  return `${markdown.slice(0, start + open.length)}\n\n${content}\n\n${markdown.slice(end)}`;
}
