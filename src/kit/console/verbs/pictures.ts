import { nameOf, type Verb } from './verb.js';

/** Two words in one: an object is looked for, and the path to it drawn. */
export function pictureVerbs(verbs: Verb[]): Verb[] {
  const call = (name: string) =>
    verbs.find((verb) => nameOf(verb) === name)!.call as (...args: unknown[]) => unknown;
  const drawn =
    (name: string) =>
    (kind: string, file: string = `${name}.svg`, options: object = {}): unknown =>
      call('showPath')(call(name)(kind, options), file, options);
  return [
    {
      usage: "showLargest('Map', 'a.svg')",
      help: 'the path to the largest, as a picture',
      call: drawn('largest'),
    },
    {
      usage: "showRandom('User', 'a.svg')",
      help: 'the path to any, as a picture',
      call: drawn('random'),
    },
  ];
}
