import type { Option } from './option.js';

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
    // The flag without a value is read as an empty text and means true.
    parse: (text) => (/^(true|1|)$/.test(text) ? true : /^(false|0)$/.test(text) ? false : undefined),
  };
}

/** An option that may be given several times. Its value is the list of its values, in order. */
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
