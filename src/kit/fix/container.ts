import { memberName, nameOf } from '../../lint/syntax.js';
import { classOfField, fields } from './container-fields.js';
import { annotationOf, type Container, createdBy, pathOf, withAliases } from './container-kinds.js';
import { referencesTo } from './references.js';
import { type Node, type Source, within } from './source.js';

export type { Container, ContainerKind } from './container-kinds.js';

/** What a suspect's owner is called: `LeakyUserCache.users`, or `everyUser`. */
export interface OwnerName {
  base: string;
  property: string | null;
  /** The property of the object in that property, and so on: `series` of `Visits.requests.series`. */
  inner: string[];
}

/** The containers of a file that an owner's name may mean. @param type what the diagnosis says it is, such as `Map` */
export function containersNamed(
  source: Source,
  { base, property, inner }: OwnerName,
  type: string,
): Container[] {
  if (property === null) return variables(source, base, type);
  const [next, ...rest] = inner;
  if (next === undefined)
    return [
      ...fields(source, { className: base, property, type }),
      ...propertiesOfVariable(source, base, property),
    ];
  const className = classOfField(source, base, property);
  return className === null
    ? []
    : containersNamed(source, { base: className, property: next, inner: rest }, type);
}

function variables(source: Source, name: string, type: string): Container[] {
  const found: Container[] = [];
  for (const node of within(source.program)) {
    if (node.type !== 'VariableDeclarator' || node['id'].type !== 'Identifier') continue;
    const id = node['id'] as Node;
    if (nameOf(id) !== name) continue;
    const made = createdBy(node['init'] as Node | null, type);
    if (!made) continue;
    const references = withAliases(referencesTo(id));
    found.push({
      ...made,
      text: name,
      name,
      declaration: node,
      annotation: annotationOf(id),
      references,
      mentions: null,
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
    const made = createdBy((declared?.['value'] ?? null) as Node | null, '');
    if (!declared || !made) continue;
    const all = referencesTo(node['id'] as Node);
    const members = all.map(({ parent }) => parent).filter((one) => memberName(one) === property);
    const isOnlyMembers = all.every(
      ({ parent }) => parent.type === 'MemberExpression' && memberName(parent) !== null,
    );
    found.push({
      ...made,
      text: `${variable}.${property}`,
      name: property,
      declaration: node,
      annotation: annotationOf(node['id'] as Node),
      references: withAliases(members),
      mentions: isOnlyMembers ? null : members,
      reach: isOnlyMembers && !isExported(node, all) ? 'none' : 'property',
    });
  }
  return found;
}
