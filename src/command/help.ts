import { INSTALLED } from './installed.js';
import { flagOf, variableOf, type Option, type Options } from './options.js';
import { wrap } from './wrap.js';

export interface About {
  /** How the command is called, without its flags: `npm run load --`. */
  usage: string;
  /** One sentence. */
  purpose: string;
  options: Options;
  /** Lines that work when pasted. */
  examples: string[];
  /** What its exit codes mean. */
  exits: Record<number, string>;
}

/** What is left of a narrow terminal beside the flags is no column to read. */
const LEAST_BESIDE = 30;

function asTyped(line: string): string {
  return INSTALLED ? line.replace(/^npm run (\w+)( --)?/, 'npx leak-lab $1') : line;
}

/** @param width of the screen, in characters. Examples are not broken: they are there to be copied. */
export function help({ usage, purpose, options, examples, exits }: About, width: number): string {
  const rows = Object.entries(options).map(
    ([name, option]) => [spelling(name, option), explanation(name, option)] as const,
  );
  const codes = Object.entries(exits);
  return [
    `Usage: ${asTyped(usage)} [flags]`,
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

/** What each is for beside it, or under it where there is no room. */
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
