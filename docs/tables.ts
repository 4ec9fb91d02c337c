import { flagOf, variableOf, type Options } from '../src/command/options.js';

/** What can be set, one line a option. */
export function optionTable(options: Options): string {
  return table(
    ['flag', 'default', 'variable', 'what it is for'],
    Object.entries(options).map(([name, option]) => [
      `\`${option.positional ? option.placeholder.replaceAll('|', '` or `') : `${flagOf(name)} ${option.placeholder}`.trim()}\``,
      option.default === undefined || option.bare || option.most
        ? ''
        : `\`${option.default as string | number}\``,
      option.variable ? `\`${variableOf(name)}\`` : '',
      option.why,
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
