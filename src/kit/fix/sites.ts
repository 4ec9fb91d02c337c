import type { SuspectFacts } from './model.js';
import { lineAt, type Node, type Source, within } from './source.js';

/** The innermost nodes at the places of a file that a suspect names, in its order. */
export function sitesIn(source: Source, { allocatedAt, name }: SuspectFacts): Node[] {
  const named = [...name.matchAll(/(?<file>[^\s(]+\.[cm]?[jt]sx?):(?<line>\d+)/g)].map(({ groups }) => ({
    file: groups?.['file'] ?? '',
    line: Number(groups?.['line']),
    column: null,
  }));
  const places = [...named, ...allocatedAt].filter(({ file }) => isSameFile(source.file, file));
  const nodes = places.flatMap(({ line, column }) => nodeAt(source, line, column) ?? []);
  return [...new Set(nodes)];
}

function isSameFile(file: string, named: string): boolean {
  return file === named || file.endsWith(`/${named}`);
}

/** The outermost node that begins at a place, or the first that begins in its line. */
function nodeAt(source: Source, line: number, column: number | null): Node | null {
  let first: Node | null = null;
  for (const node of within(source.program)) {
    if (node.type === 'Program' || lineAt(source.text, node.range[0]) !== line) continue;
    first ??= node;
    const start = source.text.lastIndexOf('\n', node.range[0] - 1) + 1;
    if (column === null || node.range[0] - start + 1 >= column) return node;
  }
  return first;
}
