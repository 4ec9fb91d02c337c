import { EXAMPLES, type TextPlaceholder } from './examples.js';
import type { Option } from './option.js';

type About<T> = Pick<Option<T>, 'why' | 'variable' | 'positional' | 'short'> & { default: T };

export function whole<D extends number | undefined>(
  about: About<D> & { min: number; max: number; placeholder?: string; example?: number },
): Option<number | D> {
  const { min, max, placeholder = 'N', example = about.default ?? min } = about;
  return {
    ...about,
    placeholder,
    example: `${example}`,
    accepts: `a whole number from ${min} to ${max}`,
    parse: (text) => within(min, max, /^\d+$/.test(text) ? Number(text) : Number.NaN),
  };
}

const units: Record<string, number> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

export function bytes(about: About<number> & { min: number }): Option<number> {
  return {
    ...about,
    placeholder: 'BYTES',
    example: '16MiB',
    accepts: `a size of at least ${about.min} bytes, such as 16777216 or 16MiB`,
    parse: (text) => {
      const [, figure, unit] = /^(\d+)(|KiB|MiB|GiB)$/.exec(text) ?? [];
      return within(about.min, Number.MAX_SAFE_INTEGER, Number(figure) * units[unit ?? '']!);
    },
  };
}

/** What is accepted where any text is. */
export const ANY_TEXT = 'a text that is not empty';

export function text<D extends string | undefined>(
  about: About<D> & {
    placeholder: TextPlaceholder;
    accepts?: string;
    test?: (text: string) => boolean;
    example?: string;
  },
): Option<string | D> {
  const { accepts = ANY_TEXT, test = () => true, example = EXAMPLES[about.placeholder] } = about;
  return { ...about, accepts, example, parse: (value) => (value !== '' && test(value) ? value : undefined) };
}

export function choice<const C extends string, D extends C | undefined>(
  choices: readonly C[],
  about: About<D> & { placeholder?: string },
): Option<C | D> {
  return {
    placeholder: choices.join('|'),
    ...about,
    example: about.default ?? choices[0] ?? '',
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
    example: '',
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
