import { around, isFunction } from '../../lint/syntax.js';
import { childrenOf, type Node } from './source.js';

const LOOP = /^For(?:In|Of)?Statement$/;
const CLASS = /^Class(?:Declaration|Expression)$/;

/** The identifiers that refer to the variable that an identifier declares, without the declaration itself. */
export function referencesTo(declared: Node): Node[] {
  const name = declared['name'] as string;
  const scope = scopeDeclaring(declared);
  return [...identifiersIn(scope, name, scope)].filter((one) => one !== declared && isReference(one));
}

/** The declaration of the variable that an identifier refers to; null for a global. */
export function declarationOf(reference: Node): Node | null {
  const name = reference['name'] as string;
  for (const scope of around(reference)) {
    const found = declaredIn(scope).find((one) => one['name'] === name);
    if (found) return found;
  }
  return null;
}

function scopeDeclaring(declared: Node): Node {
  for (const scope of around(declared)) if (declaredIn(scope).includes(declared)) return scope;
  throw new Error(`${String(declared['name'])} is not the identifier of a declaration`);
}

function* identifiersIn(node: Node, name: string, scope: Node): Generator<Node> {
  if (node !== scope && declaredIn(node).some((one) => one['name'] === name)) return;
  if (node.type === 'Identifier' && node['name'] === name) yield node;
  // `{ name }` has the same identifier twice: as its key and as its value.
  for (const child of childrenOf(node))
    if (!(node.type === 'Property' && node['shorthand'] === true && child === node['key']))
      yield* identifiersIn(child, name, scope);
}

/** Whether an identifier refers to a variable: it is no property, no key, no label and no type. */
function isReference(identifier: Node): boolean {
  const { parent } = identifier;
  switch (parent.type) {
    case 'MemberExpression':
      return parent['object'] === identifier || parent['computed'] === true;
    case 'Property':
      return parent['value'] === identifier || parent['computed'] === true;
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'AccessorProperty':
      return parent['key'] !== identifier || parent['computed'] === true;
    case 'TSPropertySignature':
    case 'TSMethodSignature':
    case 'TSEnumMember':
    case 'TSTypeReference':
    case 'TSQualifiedName':
    case 'TSTypePredicate':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return false;
    default:
      return true;
  }
}

/** The identifiers that a node's own scope declares. */
export function declaredIn(node: Node): Node[] {
  if (isFunction(node)) {
    const own = node.type === 'FunctionExpression' && node['id'] ? [node['id'] as Node] : [];
    const body = node['body'] as Node | null;
    return [...(node['params'] as Node[]).flatMap(namesIn), ...(body ? varsIn(body) : []), ...own];
  }
  if (LOOP.test(node.type)) return declaredBy((node['init'] ?? node['left']) as Node | null);
  if (CLASS.test(node.type)) return node.type === 'ClassExpression' && node['id'] ? [node['id'] as Node] : [];
  switch (node.type) {
    case 'Program':
      return [...(node['body'] as Node[]).flatMap(declaredBy), ...varsIn(node)];
    case 'BlockStatement':
    case 'StaticBlock':
      return (node['body'] as Node[]).flatMap(declaredBy);
    case 'SwitchStatement':
      return (node['cases'] as Node[]).flatMap((one) => (one['consequent'] as Node[]).flatMap(declaredBy));
    case 'CatchClause':
      return node['param'] ? namesIn(node['param'] as Node) : [];
    default:
      return [];
  }
}

function declaredBy(statement: Node | null): Node[] {
  if (!statement) return [];
  if (/^Export(?:Named|Default)Declaration$/.test(statement.type))
    return declaredBy(statement['declaration'] as Node | null);
  if (statement.type === 'VariableDeclaration') {
    if (statement['kind'] === 'var' && statement.parent.type !== 'Program') return []; // they belong to the function
    return (statement['declarations'] as Node[]).flatMap(({ id }) => namesIn(id as Node));
  }
  if (statement.type === 'ImportDeclaration')
    return (statement['specifiers'] as Node[]).map(({ local }) => local as Node);
  if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration')
    return statement['id'] ? [statement['id'] as Node] : [];
  return [];
}

/** The names of `var` in a function's body, without functions inside it. */
function varsIn(node: Node): Node[] {
  const found: Node[] = [];
  for (const child of childrenOf(node)) {
    if (isFunction(child) || CLASS.test(child.type)) continue;
    if (child.type === 'VariableDeclaration' && child['kind'] === 'var' && node.type !== 'Program')
      for (const { id } of child['declarations'] as Node[]) found.push(...namesIn(id as Node));
    found.push(...varsIn(child));
  }
  return found;
}

/** The identifiers in a pattern such as `{ a, b: [c] = [] }`. */
export function namesIn(pattern: Node | null): Node[] {
  if (!pattern) return [];
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return (pattern['properties'] as Node[]).flatMap((one) =>
        namesIn((one.type === 'RestElement' ? one['argument'] : one['value']) as Node),
      );
    case 'ArrayPattern':
      return (pattern['elements'] as (Node | null)[]).flatMap(namesIn);
    case 'AssignmentPattern':
      return namesIn(pattern['left'] as Node);
    case 'RestElement':
      return namesIn(pattern['argument'] as Node);
    case 'TSParameterProperty':
      return namesIn(pattern['parameter'] as Node);
    default:
      return [];
  }
}
