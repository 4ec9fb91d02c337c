import type { Verb } from './verbs/verb.js';

const NOTES = [
  '  In scope: app, get(Provider or "Name"), and every provider by its class. Promises are awaited.',
  '  A second question about an object is answered from the same snapshot; { fresh: true } takes a new one.',
  '  A step that is too expensive is refused; { force: true } does it anyway.',
  '  _ is the last answer, as long as something else retains it. Ctrl-C interrupts, even an endless loop.',
];

/**
 * The text of `.help`: the verbs, then the commands of the REPL.
 *
 * @param commands the help of each command, by its name without the dot
 * @param paint gives a name its colour
 */
export function helpText(
  verbs: readonly Verb[],
  commands: readonly (readonly [name: string, help: string])[],
  paint: (name: string) => string,
): string {
  const width = Math.max(...verbs.map(({ usage }) => usage.length));
  const line = (name: string, help: string): string => `  ${paint(name.padEnd(width))}  ${help}`;
  return [
    ...verbs.map(({ usage, help }) => line(usage, help)),
    '',
    ...commands.map(([name, help]) => line(`.${name}`, help)),
    '',
    ...NOTES,
    '',
  ].join('\n');
}
