/** An option of a command: it is set by a flag, and some also by an environment variable. */
export interface Option<T> {
  default: T;
  /** Which values are accepted, as the end of the sentence "must be …". */
  accepts: string;
  /** The value of a text; undefined when the text is not accepted. */
  parse(text: string): T | undefined;
  why: string;
  /** True for an option that is also read from the environment, as `MAX_BYTES` for `maxBytes`. */
  variable?: true;
  /** Stands for the value in the help. */
  placeholder: string;
  /** A value that is accepted, for the message that none was given; '' for a flag without a value. */
  example: string;
  /** True for a flag without a value. */
  bare?: true;
  /** True for the option that arguments without a flag set. */
  positional?: true;
  /** A one-letter form of the flag. */
  short?: string;
  /** How often an option may be given whose value is a list. */
  most?: number;
}

export type Options = Record<string, Option<unknown>>;
export type Values<K extends Options> = { [N in keyof K]: K[N] extends Option<infer T> ? T : never };

/** The flag of an option: `--max-bytes` for `maxBytes`. */
export const flagOf = (name: string): string =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The environment variable of an option: `MAX_BYTES` for `maxBytes`. */
export const variableOf = (name: string): string => flagOf(name).slice(2).replaceAll('-', '_').toUpperCase();
