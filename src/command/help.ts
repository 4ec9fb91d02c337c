import { INSTALLED } from './installed.js';
import { flagOf, variableOf, type Option, type Options } from './options.js';
import { wrap } from './wrap.js';

export interface About {
  /** The command line without flags: `npm run load --`. */
  usage: string;
  /** One sentence. */
  purpose: string;
  options: Options;
  /** Command lines that can be pasted. */
  examples: string[];
  /** The meaning of its exit codes. */
  exits: Record<number, string>;
}

/** A narrower column beside the flags is hard to read; the text then goes below the flag. */
const LEAST_BESIDE = 30;

function asTyped(line: string): string {
  return INSTALLED ? line.replace(/^npm run (?:--silent )?(\w+)( --)?/, 'npx leak-lab $1') : line;
}

/** @param width of the screen, in characters. Examples are not wrapped, so that they can be copied. */
export function help({ usage, purpose, options, examples, exits }: About, width: number): string {
  const rows = Object.entries(options).map(
    ([name, option]) => [spelling(name, option), explanation(name, option)] as const,
  );
  const codes = Object.entries(exits);
  return [
    `Usage: ${asTyped(usage)} [options]`,
    '',
    ...wrap(purpose, width),
    '',
    ...table(rows, width),
    '',
    examples.length === 1 ? 'Example:' : 'Examples:',
    ...examples.map((line) => `  ${asTyped(line)}`),
    '',
    'Exit codes:',
    ...table(codes, width),
    '',
  ].join('\n');
}

/** The text of each row beside its name, or below it on a narrow screen. */
function table(rows: (readonly [name: string, text: string])[], width: number): string[] {
  const indent = 4 + Math.max(...rows.map(([name]) => name.length));
  const beside = width - indent >= LEAST_BESIDE;
  const margin = beside ? indent : 6;
  return rows.flatMap(([name, text]) => {
    const lines = wrap(text, width - margin).map((line) => ' '.repeat(margin) + line);
    const first = `  ${name}`;
    return beside ? [first.padEnd(margin) + lines[0]!.trimStart(), ...lines.slice(1)] : [first, ...lines];
  });
}

function spelling(name: string, option: Option<unknown>): string {
  if (option.positional) return option.placeholder;
  const flag = option.short ? `-${option.short}, ${flagOf(name)}` : flagOf(name);
  return option.bare ? flag : `${flag} ${option.placeholder}`;
}

function explanation(name: string, option: Option<unknown>): string {
  const origin = [
    option.default === undefined || option.bare || option.most
      ? ''
      : `default ${option.default as string | number}`,
    option.variable ? `variable ${variableOf(name)}` : '',
  ].filter(Boolean);
  return origin.length > 0 ? `${option.why} (${origin.join(', ')})` : option.why;
}
