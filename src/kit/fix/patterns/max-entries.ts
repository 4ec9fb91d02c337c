import type { Container } from '../container.js';
import type { Editor } from '../editor.js';

/** Writes the bound as a constant. @returns its name */
export function addMaxEntries(editor: Editor, { name }: Container, maxEntries: number): string {
  return editor.addConstant(
    'MAX_ENTRIES',
    maxEntries,
    `The most entries that ${name} may have: more than are in use at one time.`,
  );
}
