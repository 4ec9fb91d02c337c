import type { Container } from '../container.js';
import type { Editor } from '../editor.js';
import type { Assumption, Done, Patch } from '../model.js';
import { patchOf } from '../pattern.js';

/** Writes the bound as a constant. @returns its name, which says whose it is where the file has another one */
export function addMaxEntries(editor: Editor, { name }: Container, maxEntries: number): string {
  const isFree = editor.freeName('MAX_ENTRIES') === 'MAX_ENTRIES';
  const own = name.replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, '_').toUpperCase();
  const constant = isFree
    ? 'MAX_ENTRIES'
    : editor.freeName(own === 'ENTRIES' ? 'MAX_KEPT_ENTRIES' : `MAX_${own}_ENTRIES`);
  editor.addConstant(
    constant,
    maxEntries,
    `The most entries that ${name} may have: more than are in use at one time.`,
  );
  return constant;
}

type Bounded = Extract<Done, { code: 'bounded-with-lru' | 'bounded-oldest-first' }>;

/** The patch of a cache that has got a bound. @param more what it assumes beside that the bound is enough */
export function boundPatch(editor: Editor, does: Bounded, more: readonly Assumption[]): Patch {
  const { constant, maxEntries } = does;
  return patchOf(editor, {
    pattern: 'bounded-cache',
    does,
    assumptions: [{ code: 'bound-is-enough', constant, maxEntries }, ...more],
  });
}
