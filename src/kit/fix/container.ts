import { memberName, nameOf, unwrap } from '../../lint/syntax.js';
import { fields } from './container-fields.js';
import { annotationOf, type Container, kindOf, pathOf, withAliases } from './container-kinds.js';
import { referencesTo } from './references.js';
import { type Node, type Source, within } from './source.js';

export type { Container, ContainerKind } from './container-kinds.js';

/** What a suspect's owner is called: `LeakyUserCache.users`, or `everyUser`. */
export interface OwnerName {
  base: string;
  property: string | null;
}

/** The containers of a file that an owner's name may mean. */
export function containersNamed(source: Source, { base, property }: OwnerName): Container[] {
  if (property === null) return variables(source, base);
  return [...fields(source, base, property), ...propertiesOfVariable(source, base, property)];
}

function variables(source: Source, name: string): Container[] {
  const found: Container[] = [];
  for (const node of within(source.program)) {
    if (node.type !== 'VariableDeclarator' || node['id'].type !== 'Identifier') continue;
    const id = node['id'] as Node;
    const kind = kindOf(node['init'] as Node | null);
    if (nameOf(id) !== name || kind === null) continue;
    const references = withAliases(referencesTo(id));
    found.push({
      kind,
      text: name,
      name,
      declaration: node,
      created: unwrap(node['init'] as Node),
      annotation: annotationOf(id),
      references,
      reach: isExported(node, references) ? 'import' : 'none',
    });
  }
  return found;
}

function isExported(declarator: Node, references: readonly Node[]): boolean {
  return (
    declarator.parent.parent.type === 'ExportNamedDeclaration' ||
    references.some(({ parent }) => parent.type === 'ExportSpecifier' || isOfExports(parent))
  );
}

/** `module.exports = cache`, `exports.cache = cache` and `module.exports = { cache }`. */
function isOfExports(node: Node): boolean {
  const assigned = node.type === 'Property' ? node.parent.parent : node;
  return (
    assigned.type === 'AssignmentExpression' &&
    /^(?:module\.)?exports\b/.test(pathOf(assigned['left'] as Node))
  );
}

/** `const state = { users: new Map() }`. */
function propertiesOfVariable(source: Source, variable: string, property: string): Container[] {
  const found: Container[] = [];
  for (const node of within(source.program)) {
    if (node.type !== 'VariableDeclarator' || nameOf(node['id'] as Node) !== variable) continue;
    if (node['init']?.type !== 'ObjectExpression') continue;
    const declared = (node['init'].properties as Node[]).find(
      (one) => one.type === 'Property' && nameOf(one['key'] as Node) === property,
    );
    const kind = kindOf((declared?.['value'] ?? null) as Node | null);
    if (!declared || kind === null) continue;
    const all = referencesTo(node['id'] as Node);
    const members = all.map(({ parent }) => parent).filter((one) => memberName(one) === property);
    const isOnlyMembers = all.every(
      ({ parent }) => parent.type === 'MemberExpression' && memberName(parent) !== null,
    );
    found.push({
      kind,
      text: `${variable}.${property}`,
      name: property,
      declaration: node,
      created: unwrap(declared['value'] as Node),
      annotation: annotationOf(node['id'] as Node),
      references: withAliases(members),
      reach: isOnlyMembers && !isExported(node, all) ? 'none' : 'property',
    });
  }
  return found;
}
