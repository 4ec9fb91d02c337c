import { around, functionAround, memberName, nameOf } from '../../lint/syntax.js';
import { declarationOf } from './references.js';
import type { Node } from './source.js';

/** Globals that are namespaces. */
const NAMESPACES = /^(?:WebAssembly|Intl)$/;

/**
 * What of which module, or which global, an expression names: `fs/promises.open` of `open`, of `fs.open` and of
 * `fs.promises.open`, `WebAssembly.Memory`, `SharedArrayBuffer`. Null for anything else.
 */
export function importedName(callee: Node): string | null {
  const path = pathOf(callee);
  if (!path) return null;
  const { root, members } = path;
  const declared = declarationOf(root);
  // TypeScript's own types may lack one, so that the file declares it.
  if (!declared || declared.parent.parent?.['declare'] === true) {
    const name = String(root['name']);
    return members.length === 0 || NAMESPACES.test(name) ? [name, ...members].join('.') : null;
  }
  const imported = functionAround(declared) === null ? (ofImport(declared) ?? ofRequire(declared)) : null;
  if (imported === null) return null;
  return [...imported, ...members]
    .join('.')
    .replace(/^node:/, '')
    .replace(/^fs\.promises\./, 'fs/promises.');
}

function pathOf(node: Node): { root: Node; members: string[] } | null {
  if (node.type === 'Identifier') return { root: node, members: [] };
  const name = memberName(node);
  const object = name === null ? null : pathOf(node['object'] as Node);
  return object && name !== null ? { root: object.root, members: [...object.members, name] } : null;
}

function ofImport({ parent }: Node): string[] | null {
  if (!/^Import(?:Namespace|Default)?Specifier$/.test(parent.type)) return null;
  const module = String(parent.parent['source'].value);
  return parent.type === 'ImportSpecifier' ? [module, nameOf(parent['imported'] as Node) ?? ''] : [module];
}

/** `const fs = require('fs')`, `const { open } = require('fs').promises`. */
function ofRequire(declared: Node): string[] | null {
  const declarator = [...around(declared)].find(({ type }) => type === 'VariableDeclarator');
  const names: string[] = [];
  let init = (declarator?.['init'] ?? null) as Node | null;
  while (init?.type === 'MemberExpression') {
    names.unshift(memberName(init) ?? '');
    init = init['object'] as Node;
  }
  if (init?.type !== 'CallExpression' || nameOf(init['callee'] as Node) !== 'require') return null;
  const key = declared.parent.type === 'Property' ? [nameOf(declared.parent['key'] as Node) ?? ''] : [];
  return [String((init['arguments'][0] as Node | undefined)?.['value']), ...names, ...key];
}
