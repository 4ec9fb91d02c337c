import { classAround, memberName, nameOf } from '../../../lint/syntax.js';
import { Editor } from '../editor.js';
import type { Attempt } from '../model.js';
import { type Clue, patchOf } from '../pattern.js';
import { lineOf, type Node, textOf, within } from '../source.js';

/*
 * Promise.race with a promise that stays pending for as long as the process lives.
 *
 * Looks for: `Promise.race([work, stored])` where the diagnosis names the stored promise. A function is added that races
 * alike, and whose reaction to the stored promise goes when the race has ended. Assumes: the other promises settle with
 * their work. Declines: where the promises are not listed in the call.
 */

export function racedPromise({ source, suspect, owner }: Clue): Attempt {
  if (suspect.kind !== 'promises' || !owner) return null;
  const name = owner.property ?? owner.base;
  const races = [...within(source.program)].filter((node) => isRace(node));
  const found = races.flatMap((call) => {
    const list = call['arguments'][0] as Node | undefined;
    const elements = list?.type === 'ArrayExpression' ? (list['elements'] as Node[]) : [];
    const isOwn =
      owner.property === null || nameOf((classAround(call)?.['id'] ?? null) as Node | null) === owner.base;
    const stored = isOwn
      ? elements.find((one) => (owner.property === null ? nameOf(one) : memberName(one)) === name)
      : undefined;
    return stored ? [{ call, elements, stored }] : [];
  });
  if (found.length === 0) return null;
  const editor = new Editor(source);
  const helper = editor.freeName('raceWith');
  for (const { call, elements, stored } of found) {
    const others = elements.filter((one) => one !== stored).map((one) => textOf(source, one));
    const [only, ...more] = others;
    if (only === undefined) return null;
    const work = more.length === 0 ? only : `Promise.race([${others.join(', ')}])`;
    editor.replace(call, `${helper}(${textOf(source, stored)}, ${work})`);
  }
  editor.addAtEnd(helperLines(helper, editor.freeName('openRaces'), source.isTypeScript));
  const [first] = found;
  return {
    patches: [
      patchOf(editor, {
        pattern: 'raced-promise',
        does: { code: 'race-forgets', helper, line: first ? lineOf(source, first.call) : 0 },
        assumptions: [{ code: 'only-this-promise', name }],
      }),
    ],
  };
}

function isRace(node: Node): boolean {
  return (
    node.type === 'CallExpression' &&
    memberName(node['callee'] as Node) === 'race' &&
    nameOf(node['callee'].object as Node) === 'Promise'
  );
}

/** A promise keeps the reactions of all races until it settles. This one gets one reaction, and a Set has the others. */
function helperLines(name: string, races: string, isTyped: boolean): string[] {
  const t = (text: string): string => (isTyped ? text : '');
  return [
    `/** The races that are not over, by the long-lived promise that they wait for. */`,
    `const ${races} = new WeakMap${t('<object, Set<() => void>>')}();`,
    '',
    `/** As Promise.race, but a race that is over leaves nothing on the long-lived promise. */`,
    `async function ${name}${t('<S, T>')}(longLived${t(': Promise<S>')}, work${t(': T | PromiseLike<T>')})${t(': Promise<S | T>')} {`,
    `  const open = ${races}.get(longLived) ?? new Set${t('<() => void>')}();`,
    `  if (!${races}.has(longLived)) {`,
    `    ${races}.set(longLived, open);`,
    `    const wake = ()${t(': void')} => {`,
    `      ${races}.delete(longLived);`,
    `      for (const one of open) one();`,
    `    };`,
    `    longLived.then(wake, wake);`,
    `  }`,
    `  let wake${t('!: () => void')};`,
    `  const settled = new Promise${t('<void>')}((resolve) => (wake = resolve)).then(() => longLived);`,
    `  open.add(wake);`,
    `  try {`,
    `    return await Promise.race([work, settled]);`,
    `  } finally {`,
    `    open.delete(wake);`,
    `  }`,
    `}`,
  ];
}
