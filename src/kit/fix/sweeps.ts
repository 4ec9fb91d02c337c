import { memberName } from '../../lint/syntax.js';
import { declarationOf } from './references.js';
import { isInside, type Node } from './source.js';
import type { Read, Use } from './uses.js';

/** A loop over all entries that deletes some of them, such as those that have expired. */
export function isSweep(node: Node, uses: readonly Use[]): boolean {
  const loop = loopOver(node);
  return loop !== null && uses.some((one) => one.does === 'delete' && isInside(one.node, loop));
}

/** The loop that goes through what is listed: `for (const id of users.keys())`, `Object.keys(users).forEach(…)`. */
function loopOver(listed: Node): Node | null {
  for (const node of [listed, listed.parent, listed.parent.parent]) {
    if (/^For(?:Of|In)/.test(node.type))
      return node === listed || isInside(listed, node['right'] as Node) ? node : null;
    if (node.type === 'CallExpression' && memberName(node['callee'] as Node) === 'forEach') return node;
  }
  return null;
}

/** Whether a read asks for the entry that a loop over all of them is at: that one is there. */
export function isOfLoop({ key }: Read, uses: readonly Use[]): boolean {
  const declared = key.type === 'Identifier' ? declarationOf(key) : null;
  return uses.some((use) => {
    const loop = use.does === 'list' ? loopOver(use.node) : null;
    return declared !== null && loop !== null && isInside(declared, loop);
  });
}
