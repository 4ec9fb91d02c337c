import { around, functionAround, isFunction, memberName, nameOf } from '../../../lint/syntax.js';
import { Editor } from '../editor.js';
import type { Attempt } from '../model.js';
import { type Clue, patchOf } from '../pattern.js';
import { declarationOf, referencesTo } from '../references.js';
import { lineOf, type Node, type Source, within } from '../source.js';
import { statementOf } from '../statements.js';

/*
 * A FinalizationRegistry whose held value retains the target.
 *
 * Looks for: `register(target, () => … target.id …)`. The closure gets the fields that it reads, and not the target.
 * Assumes: the fields do not change after the registration. Declines: where the held value is the target itself or calls
 * a method of it, and where another closure of the same function uses the target: closures share one scope.
 */

export function finalizerHeld({ source, suspect, owner }: Clue): Attempt {
  if (suspect.kind !== 'finalizers') return null;
  for (const call of within(source.program)) {
    if (call.type !== 'CallExpression' || memberName(call['callee'] as Node) !== 'register') continue;
    const registry = call['callee'].object as Node;
    const name = owner?.property ?? owner?.base;
    if (name !== undefined && (memberName(registry) ?? nameOf(registry)) !== name) continue;
    const [target, held] = call['arguments'] as Node[];
    if (target?.type !== 'Identifier' || !held || !retains(held, target)) continue;
    return mended(source, { call, target, held });
  }
  return null;
}

function retains(held: Node, target: Node): boolean {
  return [...within(held)].some(
    (node) => node.type === 'Identifier' && node['name'] === target['name'] && !isKey(node),
  );
}

const isKey = (node: Node): boolean =>
  node.parent.type === 'MemberExpression' &&
  node.parent['property'] === node &&
  node.parent['computed'] !== true;

function mended(source: Source, { call, target, held }: { call: Node; target: Node; held: Node }): Attempt {
  const line = lineOf(source, call);
  const statement = statementOf(call);
  const declared = declarationOf(target);
  const fn = functionAround(call);
  if (!isFunction(held) || !declared || !statement || !fn)
    return { declined: { code: 'held-is-target', line } };
  const inside = referencesTo(declared).filter((one) => [...around(one)].includes(held));
  if (!inside.every((one) => isFieldRead(one))) return { declined: { code: 'held-is-target', line } };
  const beside = referencesTo(declared).find(
    (one) =>
      functionAround(one) !== functionAround(declared) && !inside.includes(one) && functionAround(one) !== fn,
  );
  if (beside) return { declined: { code: 'captured-beside', line, other: lineOf(source, beside) } };
  const editor = new Editor(source);
  const names = new Map<string, string>();
  for (const { parent: member } of inside) {
    const field = memberName(member) ?? '';
    let name = names.get(field);
    if (name === undefined) {
      name = editor.freeName(
        `${String(target['name'])}${field.charAt(0).toUpperCase()}${field.slice(1)}`,
        fn,
      );
      names.set(field, name);
      editor.addBefore(statement, `const ${name} = ${String(target['name'])}.${field};`);
    }
    editor.replace(member, name);
  }
  return {
    patches: [
      patchOf(editor, {
        pattern: 'finalizer-held',
        does: { code: 'held-fields', fields: [...names.keys()], line },
        assumptions: [{ code: 'fields-stay', fields: [...names.keys()] }],
      }),
    ],
  };
}

/** `order.id`, which is read and not called: a method would need the object. */
function isFieldRead(reference: Node): boolean {
  const { parent } = reference;
  if (
    parent.type !== 'MemberExpression' ||
    parent['object'] !== reference ||
    memberName(parent) === null ||
    parent['computed'] === true
  )
    return false;
  const { parent: outer } = parent;
  const isWritten =
    (outer.type === 'AssignmentExpression' && outer['left'] === parent) || outer.type === 'UpdateExpression';
  return !isWritten && !(outer.type === 'CallExpression' && outer['callee'] === parent);
}
