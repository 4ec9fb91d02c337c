import { Box, Drawing, Line } from './drawing.js';

/** Graphviz has the widths of this font built in. The pictures use another font of the same width. */
const FONT = 'Courier';
const MAX_TEXT = 48;
/** Labels of lines may be side by side, so that they are shorter than the text of boxes. */
const MAX_LABEL = 26;
/** A tree with more boxes is wider than a screen, and is drawn from left to right. */
const MAX_BOXES_DOWN = 14;

const STYLES: Record<Box['role'], string> = {
  subject: 'fillcolor="#fde2e1", color="#b3261e", penwidth=2',
  owner: 'fillcolor="#fff1cc", color="#9a6700", penwidth=1.5',
  plain: 'fillcolor="#f6f8fa", color="#57606a"',
  more: 'fillcolor="#ffffff", color="#8c959f", fontcolor="#57606a", style="rounded,filled,dashed"',
};

/** A drawing in DOT, the language of Graphviz. */
export function toDot({ boxes, lines }: Drawing): string {
  const direction = boxes.length > MAX_BOXES_DOWN ? 'LR' : 'TB';
  return [
    'digraph heap {',
    `  rankdir=${direction}; nodesep=0.3; ranksep=0.45; bgcolor="#ffffff"; pad=0.2;`,
    `  node [shape=box, style="rounded,filled", fontname="${FONT}", fontsize=12, margin="0.16,0.09"];`,
    `  edge [fontname="${FONT}", fontsize=11, color="#57606a", fontcolor="#24292f", arrowsize=0.7];`,
    ...boxes.map((box) => `  ${quote(box.key)} [label=${label(box)}, ${STYLES[box.role]}];`),
    ...merged(lines).map((line) => {
      const style = line.weak ? ', style=dotted' : '';
      return `  ${quote(line.from)} -> ${quote(line.to)} [label=${quote(` ${short(line.label, MAX_LABEL)}`)}${style}];`;
    }),
    '}',
    '',
  ].join('\n');
}

/** Lines between the same boxes become one line with all labels. */
function merged(lines: readonly Line[]): Line[] {
  const byEnds = new Map<string, Line>();
  for (const line of lines) {
    const ends = `${line.from} ${line.to} ${line.weak}`;
    const same = byEnds.get(ends);
    if (same === undefined) byEnds.set(ends, { ...line });
    else if (!same.label.split(', ').includes(line.label)) same.label += `, ${line.label}`;
  }
  return [...byEnds.values()];
}

function label({ title, detail }: Box): string {
  return quote(detail === '' ? short(title) : `${short(title)}\n${short(detail)}`);
}

/** The first characters of a long text, and its closing quote or bracket. */
function short(text: string, most = MAX_TEXT): string {
  if (text.length <= most) return text;
  const end = (/["\])]*$/.exec(text)?.[0] ?? '').slice(-2);
  return `${text.slice(0, most - 1 - end.length).replace(/…$/, '')}…${end}`;
}

/** A string in DOT, which escapes with a backslash and writes a line end as `\n`. */
function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
