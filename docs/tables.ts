import { flagOf, variableOf, type Options } from '../src/command/options.js';

/** A table of options, one per line. */
export function optionTable(options: Options): string {
  return table(
    ['option', 'default', 'variable', 'meaning'],
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

/** A Markdown table in prettier's layout, so that formatting does not change it. */
export function table(head: string[], rows: string[][]): string {
  const all = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [title, ...body] = all.map(line);
  return [title, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}
