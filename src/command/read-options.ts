import { parseArgs } from 'node:util';
import { Problem } from '../kit/problem.js';
import { typed } from './examples.js';
import { ANY_TEXT } from './option-kinds.js';
import { flagOf, type Option, type Options, type Values, variableOf } from './option.js';

/**
 * The value of every option: from its flag, else from its variable, else its default.
 *
 * @throws Problem LEAK_LAB_SETTINGS that lists all mistakes, so that one run shows them all.
 */
export function readOptions<const K extends Options>(
  options: K,
  argv: string[],
  env: NodeJS.ProcessEnv = {},
): Values<K> {
  const reader = new Reader();
  const named = Object.entries<Option<unknown>>(options);
  for (const [name, option] of named) {
    const value = option.variable && env[variableOf(name)];
    if (value) reader.set(name, option, variableOf(name), value); // an empty variable counts as not set
  }
  readArguments(named, argv, reader);
  if (reader.mistakes.length > 0)
    throw new Problem('LEAK_LAB_SETTINGS', `${reader.mistakes.join('\n')}\nSee --help for the options.`);
  // Each parser returns the type of its option, which a loop over all of them cannot express.
  return Object.fromEntries(
    named.map(([name, option]) => [name, reader.values.has(name) ? reader.values.get(name) : option.default]),
  ) as Values<K>;
}

type Named = [name: string, option: Option<unknown>];

/** Collects values and mistakes. */
class Reader {
  readonly values = new Map<string, unknown>();
  readonly mistakes: string[] = [];

  /** A flag that needs a value, and has none. */
  lacks(flag: string, { accepts, placeholder, example }: Option<unknown>): void {
    const what = accepts === ANY_TEXT ? placeholder : accepts;
    this.mistakes.push(`${flag} needs a value (${what}), for example ${flag} ${typed(example)}`);
  }

  /** @param source the flag or variable that the text comes from */
  set(name: string, option: Option<unknown>, source: string, text: string): void {
    const value = option.parse(text);
    if (value === undefined) {
      this.mistakes.push(`${source} must be ${option.accepts}, not ${JSON.stringify(text)}`);
      return;
    }
    this.values.set(name, option.most ? [...listOf(this.values.get(name)), ...listOf(value)] : value);
  }
}

function readArguments(named: Named[], argv: string[], reader: Reader): void {
  const byFlag = new Map(named.map(([name, option]) => [flagOf(name).slice(2), { name, option }]));
  const { tokens } = parseArgs({
    args: withoutBareFlags(named, argv, reader),
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(Array.from(byFlag, ([flag, { option }]) => [flag, flagKind(option)])),
  });
  const [positional, positionalOption] = named.find(([, option]) => option.positional) ?? [];
  const most = positionalOption ? (positionalOption.most ?? 1) : 0;
  let positionals = 0;
  for (const token of tokens) {
    if (token.kind === 'option') {
      const known = byFlag.get(token.name);
      if (!known) reader.mistakes.push(`${token.rawName} is not a flag of this command`);
      else if (token.value === undefined && !known.option.bare) reader.lacks(token.rawName, known.option);
      else reader.set(known.name, known.option, token.rawName, token.value ?? '');
    } else if (token.kind === 'positional') {
      positionals += 1;
      if (positional === undefined || !positionalOption || positionals > most)
        reader.mistakes.push(`${JSON.stringify(token.value)} is one argument too many`);
      else reader.set(positional, positionalOption, positional, token.value);
    }
  }
}

/**
 * The arguments without the flags that need a value and are followed by another flag, which `parseArgs` would take for
 * the value: `--json --pid 4711`.
 */
function withoutBareFlags(named: Named[], argv: string[], reader: Reader): string[] {
  const optionOf = (arg = ''): Option<unknown> | undefined =>
    named.find(([name, { short }]) => arg === flagOf(name) || (short && arg === `-${short}`))?.[1];
  const isFlag = (arg = ''): boolean => optionOf(arg.replace(/^(--[^=]+)=.*$/s, '$1')) !== undefined;
  const kept: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const [arg = '', next] = argv.slice(at);
    const option = optionOf(arg);
    if (arg === '--') return [...kept, ...argv.slice(at)];
    if (option && !option.bare && isFlag(next)) reader.lacks(arg, option);
    else if (option && !option.bare && next !== undefined) kept.push(arg, argv[(at += 1)] ?? '');
    else kept.push(arg);
  }
  return kept;
}

function flagKind({ bare, short }: Option<unknown>) {
  return { type: bare ? ('boolean' as const) : ('string' as const), ...(short ? { short } : {}) };
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
