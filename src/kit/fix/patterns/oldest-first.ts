import type { Container } from '../container.js';
import { Editor } from '../editor.js';
import type { Patch } from '../model.js';
import type { Clue } from '../pattern.js';
import { textOf } from '../source.js';
import type { Use } from '../uses.js';
import { countersBeside } from './counters.js';
import { compareByValue, freshKeys } from './fresh-keys.js';
import { addMaxEntries, boundPatch } from './max-entries.js';

/** The oldest entry of a Map goes where one is added: needs no package. Null where an addition is no statement of its own. */
export function boundedOldestFirst(
  { source, maxEntries }: Clue,
  container: Container,
  uses: readonly Use[],
): Patch | null {
  if (container.kind !== 'Map' || countersBeside(source, uses)?.length !== 0) return null;
  const writes = uses.filter(({ does }) => does === 'set');
  if (writes.length === 0 || writes.some(({ node }) => node.parent.type !== 'ExpressionStatement'))
    return null;
  const editor = new Editor(source);
  const byValue = compareByValue(editor, container, freshKeys(container, uses));
  const constant = addMaxEntries(editor, container, maxEntries);
  for (const { node } of writes) {
    const map = textOf(source, node['callee'].object);
    editor.addAfter(node.parent, [
      `for (const oldest of ${map}.keys()) {`,
      `${editor.layout.indentUnit}if (${map}.size <= ${constant}) break;`,
      `${editor.layout.indentUnit}${map}.delete(oldest);`,
      '}',
    ]);
  }
  const does = { code: 'bounded-oldest-first' as const, container: container.text, constant, maxEntries };
  return boundPatch(editor, does, [...byValue, { code: 'oldest-first' }]);
}
