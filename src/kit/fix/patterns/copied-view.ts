import { around, functionAround, memberName, nameOf, unwrap } from '../../../lint/syntax.js';
import { Editor } from '../editor.js';
import { handlesAt } from '../handles.js';
import { bodyOf } from '../loads.js';
import type { Attempt } from '../model.js';
import { type Clue, patchOf } from '../pattern.js';
import { declarationOf, namesIn, referencesTo } from '../references.js';
import { lineOf, type Node, textOf, within } from '../source.js';

/*
 * A view of a WebAssembly memory that is stored, and retains the whole memory.
 *
 * Looks for: a memory or an instance that is made where the diagnosis says, and a typed array over its buffer that is
 * stored. The bytes are copied. Assumes: nobody reads from the copy what the memory gets later. Declines (to the pattern
 * of handles): where the memory, the instance or one of its functions is stored itself.
 */

const VIEW =
  /^(?:Uint8|Uint8Clamped|Int8|Uint16|Int16|Uint32|Int32|Float32|Float64|BigInt64|BigUint64)Array$/;

export function copiedView({ source, suspect, lines }: Clue): Attempt {
  if (!/^(?:webassembly|native|buffers)$/.test(suspect.kind)) return null;
  const [handle, ...others] = handlesAt(source, lines);
  const fn = handle?.fn;
  if (!fn || others.length > 0 || handle.kind.noun !== 'WebAssembly memory') return null;
  const views = viewsIn(fn, handle.call);
  const stored = views.flatMap((view) => storesOf(view.id).map((node) => ({ node, type: view.type })));
  const [first] = stored;
  if (!first || !views.every(({ id }) => isOnlyStored(id, fn)) || isKeptItself(handle.call)) return null;
  const editor = new Editor(source);
  for (const { node, type } of stored) editor.replace(node, `${type}.from(${textOf(source, node)})`);
  const line = lineOf(source, first.node);
  return {
    patches: [
      patchOf(editor, {
        pattern: 'copied-view',
        does: { code: 'view-copied', line },
        assumptions: [{ code: 'view-is-copied', line }],
      }),
    ],
  };
}

interface View {
  id: Node;
  /** `Uint8Array` */
  type: string;
}

/** The constants of a function that are views of what a call made. */
function viewsIn(fn: Node, made: Node): View[] {
  const found: View[] = [];
  for (const node of within(fn)) {
    if (node.type !== 'VariableDeclarator' || node['id'].type !== 'Identifier' || !node['init']) continue;
    if (node.parent['kind'] !== 'const' || functionAround(node) !== fn) continue;
    const type = viewType(unwrap(node['init'] as Node), made);
    if (type) found.push({ id: node['id'] as Node, type });
  }
  return found;
}

/** `new Uint8Array(memory.buffer, …)`, or a function of this file that returns one of the memory that it is given. */
function viewType(init: Node, made: Node): string | null {
  if (init.type === 'NewExpression') {
    const type = nameOf(init['callee'] as Node) ?? '';
    const [buffer] = init['arguments'] as Node[];
    return VIEW.test(type) && buffer && isBufferOf(buffer, made) ? type : null;
  }
  const body = init.type === 'CallExpression' ? bodyOf(init) : null;
  const at = body ? (init['arguments'] as Node[]).findIndex((one) => isOf(one, made)) : -1;
  const parameter = body?.['params'][at] as Node | undefined;
  if (!body || parameter?.type !== 'Identifier') return null;
  const returned = [...within(body)].filter(
    (node) => node.type === 'ReturnStatement' && functionAround(node) === body,
  );
  const types = returned.map((one) => {
    const value = valueOf(one['argument'] as Node | null);
    const type = value?.type === 'NewExpression' ? (nameOf(value['callee'] as Node) ?? '') : '';
    const [buffer] = (value?.['arguments'] ?? []) as Node[];
    return VIEW.test(type) && buffer && isBufferOf(buffer, parameter) ? type : null;
  });
  return types.length === 1 ? (types[0] ?? null) : null;
}

/** A value, through the constant that has it. */
function valueOf(node: Node | null): Node | null {
  if (node?.type !== 'Identifier') return node;
  const declarator = declarationOf(node)?.parent;
  return declarator?.type === 'VariableDeclarator' && declarator.parent['kind'] === 'const'
    ? (declarator['init'] as Node | null)
    : null;
}

/** `memory.buffer`, `instance.exports.memory.buffer`. */
function isBufferOf(node: Node, made: Node): boolean {
  if (memberName(node) !== 'buffer') return false;
  let object = unwrap(node['object'] as Node);
  while (object.type === 'MemberExpression') object = unwrap(object['object'] as Node);
  return isOf(object, made);
}

/** Whether a node is what was made: the call, its constant, or a parameter that has it. */
function isOf(node: Node, made: Node): boolean {
  if (node === made) return true;
  const declared = node.type === 'Identifier' ? declarationOf(node) : null;
  if (declared === made) return true;
  const declarator = declared && [...around(declared)].find(({ type }) => type === 'VariableDeclarator');
  const init = (declarator?.['init'] ?? null) as Node | null;
  const value = init?.type === 'AwaitExpression' ? (init['argument'] as Node) : init;
  return value === made;
}

/** Where a view is put into a container or a field, as the node that is stored. */
function storesOf(id: Node): Node[] {
  return referencesTo(id).filter((node) => isStored(node));
}

function isStored(node: Node): boolean {
  const { parent } = node;
  if (parent.type === 'AssignmentExpression')
    return parent['right'] === node && parent['left'].type === 'MemberExpression';
  if (parent.type !== 'CallExpression' || parent['arguments'].at(-1) !== node) return false;
  return /^(?:push|set|add|unshift)$/.test(memberName(parent['callee'] as Node) ?? '');
}

/** Whether all else that a function does with a view is to read it, itself. */
function isOnlyStored(id: Node, fn: Node): boolean {
  return referencesTo(id).every(
    (node) =>
      functionAround(node) === fn &&
      (isStored(node) || (node.parent.type === 'MemberExpression' && memberName(node.parent) === 'length')),
  );
}

/** Whether the memory or the instance goes anywhere but into views and functions of this file. */
function isKeptItself(made: Node): boolean {
  const whole = made.parent.type === 'AwaitExpression' ? made.parent : made;
  const places =
    whole.parent.type === 'VariableDeclarator'
      ? namesIn(whole.parent['id'] as Node).flatMap((one) => referencesTo(one))
      : [made];
  return places.some((node) => {
    const { parent } = node;
    if (parent.type === 'CallExpression') return bodyOf(parent) === null;
    return parent.type !== 'MemberExpression' || !isRead(parent);
  });
}

/** `instance.exports.parse(…)` and `memory.buffer`, which store nothing. */
function isRead(member: Node): boolean {
  let at = member;
  while (at.parent.type === 'MemberExpression' && at.parent['object'] === at) at = at.parent;
  const { parent } = at;
  return (
    (parent.type === 'CallExpression' && parent['callee'] === at) ||
    (parent.type === 'NewExpression' && VIEW.test(nameOf(parent['callee'] as Node) ?? ''))
  );
}
