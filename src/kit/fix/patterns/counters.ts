import { around, functionAround, isFunction } from '../../../lint/syntax.js';
import { isInside, type Node, type Source, textOf, within } from '../source.js';
import type { Use } from '../uses.js';

/** A number that grows with the entries of a container, such as `this.bytes += bytesOf(user)`. */
export interface Counter {
  /** `this.bytes` */
  name: string;
  /** `bytesOf(user)` */
  amount: string;
  /** `user`, the value that is stored. */
  value: string;
}

/**
 * Numbers that are added to where an entry is added: they have to fall where one is evicted. Null where one cannot be
 * undone, because it does not follow from the value alone.
 */
export function countersBeside(source: Source, uses: readonly Use[]): Counter[] | null {
  const found: Counter[] = [];
  for (const use of uses) {
    if (use.does !== 'set') continue;
    const fn = functionAround(use.node);
    for (const node of fn ? within(fn) : []) {
      if (node.type !== 'AssignmentExpression' || node['operator'] !== '+=' || functionAround(node) !== fn)
        continue;
      const value = textOf(source, use.value);
      if (!mentionsValue(source, node['right'] as Node, value)) continue;
      if (!isOutside(node['left'] as Node) || isLoweredSomewhere(source, node, uses)) return null;
      found.push({
        name: textOf(source, node['left'] as Node),
        amount: textOf(source, node['right'] as Node),
        value,
      });
    }
  }
  return found.every(({ value }) => /^[\w$]+$/.test(value)) ? found : null;
}

function mentionsValue(source: Source, node: Node, value: string): boolean {
  return [...within(node)].some((one) => textOf(source, one) === value);
}

/** Whether the number outlives the function: `this.bytes`, or a variable of the file. */
function isOutside(left: Node): boolean {
  return left.type === 'MemberExpression' && left['object'].type === 'ThisExpression';
}

/** Whether the code itself lowers the number, or sets it: then it counts in a way of its own. */
function isLoweredSomewhere(source: Source, addition: Node, uses: readonly Use[]): boolean {
  const name = textOf(source, addition['left'] as Node);
  for (const outer of around(addition))
    if (outer.type === 'ClassBody')
      return [...within(outer)].some(
        (one) =>
          one.type === 'AssignmentExpression' &&
          one['operator'] !== '+=' &&
          functionAround(one)?.parent['kind'] !== 'constructor' &&
          textOf(source, one['left'] as Node) === name,
      );
  return uses.some((use) => use.does === 'delete' && isInside(use.node, addition)) || isFunction(addition);
}
