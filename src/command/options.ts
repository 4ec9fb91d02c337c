import { parseArgs } from 'node:util';
import { Problem } from '../kit/problem.js';

/** One thing that a person can set, by a flag and perhaps by an environment variable. */
export interface Option<T> {
  default: T;
  /** What is accepted, for a person: it ends the sentence "must be …". */
  accepts: string;
  /** The value that a text stands for, or undefined when it stands for none. */
  parse(text: string): T | undefined;
  why: string;
  /** Also read from the environment, as `MAX_BYTES` for `maxBytes`. */
  variable?: true;
  /** Shown in the help in place of a value. */
  placeholder: string;
  /** True for a flag that stands alone. */
  bare?: true;
  /** True for the option that an argument without a flag sets. */
  positional?: true;
  /** One letter that stands for the flag. */
  short?: string;
  /** For a option that may be given more than once, how often at most: its value is a list. */
  most?: number;
}

export type Options = Record<string, Option<unknown>>;
export type Values<K extends Options> = { [N in keyof K]: K[N] extends Option<infer T> ? T : never };

type About<T> = Pick<Option<T>, 'why' | 'variable' | 'positional' | 'short'> & { default: T };

export function whole<D extends number | undefined>(
  about: Omit<About<D>, never> & { min: number; max: number; placeholder?: string },
): Option<number | D> {
  const { min, max, placeholder = 'N' } = about;
  return {
    ...about,
    placeholder,
    accepts: `a whole number from ${min} to ${max}`,
    parse: (text) => within(min, max, /^\d+$/.test(text) ? Number(text) : Number.NaN),
  };
}

const units: Record<string, number> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

export function bytes(about: About<number> & { min: number }): Option<number> {
  return {
    ...about,
    placeholder: 'BYTES',
    accepts: `a size of at least ${about.min} bytes, such as 16777216 or 16MiB`,
    parse: (text) => {
      const [, figure, unit] = /^(\d+)(|KiB|MiB|GiB)$/.exec(text) ?? [];
      return within(about.min, Number.MAX_SAFE_INTEGER, Number(figure) * units[unit ?? '']!);
    },
  };
}

export function text<D extends string | undefined>(
  about: About<D> & { placeholder: string; accepts?: string; test?: (text: string) => boolean },
): Option<string | D> {
  const { accepts = 'a text that is not empty', test = () => true } = about;
  return { ...about, accepts, parse: (value) => (value !== '' && test(value) ? value : undefined) };
}

export function choice<const C extends string, D extends C | undefined>(
  choices: readonly C[],
  about: About<D> & { placeholder?: string },
): Option<C | D> {
  return {
    placeholder: choices.join('|'),
    ...about,
    accepts: choices.length < 4 ? choices.join(' or ') : `one of ${choices.join(', ')}`,
    parse: (text) => choices.find((one) => one === text),
  };
}

export function toggle(about: Omit<About<boolean>, 'default'>): Option<boolean> {
  return {
    ...about,
    default: false,
    bare: true,
    placeholder: '',
    accepts: 'true or false',
    // The flag alone is the empty text: it stands for yes.
    parse: (text) => (/^(true|1|)$/.test(text) ? true : /^(false|0)$/.test(text) ? false : undefined),
  };
}

/** A option that may be given several times: its values as a list, in order. */
export function many<T>(option: Option<T>, most: number): Option<NonNullable<T>[]> {
  return {
    ...option,
    default: [],
    most,
    parse: (text) => {
      const one = option.parse(text);
      return one === undefined || one === null ? undefined : [one];
    },
  };
}

function within(min: number, max: number, figure: number): number | undefined {
  return figure >= min && figure <= max ? figure : undefined;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const flagOf = (name: string): string =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
export const variableOf = (name: string): string => flagOf(name).slice(2).replaceAll('-', '_').toUpperCase();

/**
 * The value of every option: of its flag, else of its variable, else its default.
 *
 * @throws Problem LEAK_LAB_SETTINGS that lists every mistake, so that one run of the program shows them all.
 */
export function readOptions<const K extends Options>(
  options: K,
  argv: string[],
  env: NodeJS.ProcessEnv = {},
): Values<K> {
  const names = new Map(Object.keys(options).map((name) => [flagOf(name).slice(2), name]));
  const positional = Object.keys(options).find((name) => options[name]!.positional);
  const values = new Map<string, unknown>();
  const mistakes: string[] = [];

  const set = (name: string, source: string, value: string): void => {
    const parsed = options[name]!.parse(value);
    if (parsed === undefined)
      mistakes.push(`${source} must be ${options[name]!.accepts}, not ${JSON.stringify(value)}`);
    values.set(name, options[name]!.most ? [...listOf(values.get(name)), ...listOf(parsed)] : parsed);
  };

  for (const name of Object.keys(options)) {
    const value = options[name]!.variable && env[variableOf(name)];
    if (value)
      // an empty variable is one that is not set
      set(name, variableOf(name), value);
  }

  const { tokens } = parseArgs({
    args: argv,
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      [...names].map(([flag, name]) => {
        const { bare, short } = options[name]!;
        return [flag, { type: bare ? 'boolean' : 'string', ...(short ? { short } : {}) }];
      }),
    ),
  });
  const given: string[] = [];
  const taken = positional === undefined ? 0 : (options[positional]!.most ?? 1);
  for (const token of tokens) {
    if (token.kind === 'option') {
      const name = names.get(token.name);
      if (!name) mistakes.push(`${token.rawName} is not a flag of this command`);
      else if (token.value === undefined && !options[name]!.bare)
        mistakes.push(`${token.rawName} needs a value: ${options[name]!.accepts}`);
      else set(name, token.rawName, token.value ?? '');
    } else if (token.kind === 'positional') {
      if (!positional || given.push(token.value) > taken)
        mistakes.push(`${JSON.stringify(token.value)} is one argument too many`);
      else set(positional, positional, token.value);
    }
  }

  if (mistakes.length > 0) {
    throw new Problem('LEAK_LAB_SETTINGS', `${mistakes.join('\n')}\nSee --help for what can be set.`);
  }
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      values.has(name) ? values.get(name) : option.default,
    ]),
  ) as Values<K>;
}
