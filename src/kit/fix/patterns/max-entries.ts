import type { Container } from '../container.js';
import type { Editor } from '../editor.js';

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
