import { nameOf, type Verb } from './verb.js';

/** The verbs that find an object and draw the path to it. */
export function pictureVerbs(verbs: Verb[]): Verb[] {
  const call = (name: string, ...args: unknown[]): unknown => {
    const verb = verbs.find((one) => nameOf(one) === name);
    if (!verb) throw new Error(`no verb is called ${name}`);
    // Each verb takes arguments of its own types, and these are the ones that a person typed.
    return verb.call(...(args as never[]));
  };
  const drawn =
    (name: string) =>
    (kind: string, file: string = `${name}.svg`, options: object = {}): unknown =>
      call('showPath', call(name, kind, options), file, options);
  return [
    {
      usage: "showLargest('Map', 'a.svg')",
      help: 'the retaining path of the largest object of a class, as a picture',
      call: drawn('largest'),
    },
    {
      usage: "showRandom('User', 'a.svg')",
      help: 'the retaining path of a random object of a class, as a picture',
      call: drawn('random'),
    },
  ];
}
