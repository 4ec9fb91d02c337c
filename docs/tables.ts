import { flagOf, variableOf, type Knobs } from '../src/command/knobs.js';

/** What can be set, one line a knob. */
export function knobTable(knobs: Knobs): string {
  return table(
    ['flag', 'default', 'variable', 'what it is for'],
    Object.entries(knobs).map(([name, knob]) => [
      `\`${knob.positional ? knob.placeholder.replaceAll('|', '` or `') : `${flagOf(name)} ${knob.placeholder}`.trim()}\``,
      knob.default === undefined || knob.bare || knob.most ? '' : `\`${knob.default as string | number}\``,
      knob.variable ? `\`${variableOf(name)}\`` : '',
      knob.why,
    ]),
  );
}

/** Laid out as prettier does, so that neither undoes the other. */
export function table(head: string[], rows: string[][]): string {
  const all = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]!.length)));
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [title, ...body] = all.map(line);
  return [title, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}
