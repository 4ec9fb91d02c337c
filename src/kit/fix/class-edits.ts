import { nameOf } from '../../lint/syntax.js';
import type { Editor } from './editor.js';
import { type Node, within } from './source.js';

/** Removes a member of a class, with its comments and the empty line above. */
export function removeMember({ source, layout, text }: Editor, member: Node): void {
  const start = layout.startWithComments(member);
  const above = /\s*$/.exec(source.text.slice(0, start))?.[0].length ?? 0;
  text.remove(start - above, layout.endOfLine(member));
}

/** Removes an interface that a class implements, and its import where nothing else uses it. */
export function removeInterface(editor: Editor, owner: Node, name: string): void {
  const { program, text } = editor.source;
  const all = (owner['implements'] ?? []) as Node[];
  const found = all.find((one) => nameOf(one['expression'] as Node) === name);
  const [first] = all;
  if (!found || !first) return;
  removeFromList(editor, all, { one: found, start: text.lastIndexOf('implements', first.range[0]) - 1 });
  const mentions = [...within(program)].filter((node) => node.type === 'Identifier' && node['name'] === name);
  const specifier = mentions.find(({ parent }) => parent.type === 'ImportSpecifier')?.parent;
  const others = mentions.filter(({ parent }) => parent !== specifier && parent !== found);
  const list = (specifier?.parent['specifiers'] ?? []) as Node[];
  if (specifier && others.length === 0 && list.length > 1)
    removeFromList(editor, list, { one: specifier, start: 0 });
}

/** @param start of the whole list, which goes with its only element */
function removeFromList(
  editor: Editor,
  list: readonly Node[],
  { one, start }: { one: Node; start: number },
): void {
  const at = list.indexOf(one);
  const [before, after] = [list[at - 1], list[at + 1]];
  if (after) editor.text.remove(one.range[0], after.range[0]);
  else editor.text.remove(before ? before.range[1] : start, one.range[1]);
}
