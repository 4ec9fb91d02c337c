import { flagOf, variableOf, type Knob, type Knobs } from './knobs.js';

export interface About {
  /** How the command is called, without its flags: `npm run load --`. */
  usage: string;
  /** One sentence. */
  purpose: string;
  knobs: Knobs;
  /** Lines that work when pasted. */
  examples: string[];
  /** What its exit codes mean. */
  exits: Record<number, string>;
}

/** Who has installed the package has the commands, and none of this repository's scripts. */
const INSTALLED = import.meta.url.includes('/node_modules/');

function asTyped(line: string): string {
  return INSTALLED ? line.replace(/^npm run (\w+)( --)?/, 'npx leak-lab $1') : line;
}

export function help({ usage, purpose, knobs, examples, exits }: About): string {
  const rows = Object.entries(knobs).map(
    ([name, knob]) => [spelling(name, knob), explanation(name, knob)] as const,
  );
  const width = Math.max(...rows.map(([flag]) => flag.length));
  return [
    `Usage: ${asTyped(usage)} [flags]`,
    '',
    purpose,
    '',
    ...rows.map(([flag, why]) => `  ${flag.padEnd(width)}  ${why}`),
    '',
    examples.length === 1 ? 'Example:' : 'Examples:',
    ...examples.map((line) => `  ${asTyped(line)}`),
    '',
    'Exit codes:',
    ...Object.entries(exits).map(([code, meaning]) => `  ${code.padEnd(3)}  ${meaning}`),
    '',
  ].join('\n');
}

function spelling(name: string, knob: Knob<unknown>): string {
  if (knob.positional) return knob.placeholder;
  const flag = knob.short ? `-${knob.short}, ${flagOf(name)}` : flagOf(name);
  return knob.bare ? flag : `${flag} ${knob.placeholder}`;
}

function explanation(name: string, knob: Knob<unknown>): string {
  const origin = [
    knob.default === undefined || knob.bare || knob.most ? '' : `default ${knob.default as string | number}`,
    knob.variable ? `variable ${variableOf(name)}` : '',
  ].filter(Boolean);
  return origin.length > 0 ? `${knob.why} (${origin.join(', ')})` : knob.why;
}
