import { around, classAround, functionAround, memberName, nameOf } from '../../lint/syntax.js';
import { annotationOf, type Container, createdBy, withAliases } from './container-kinds.js';
import { type Node, type Source, within } from './source.js';

/** The container in a field of a class with this name. */
export function fields(
  source: Source,
  { className, property, type }: { className: string; property: string; type: string },
): Container[] {
  const found: Container[] = [];
  for (const owner of within(source.program)) {
    if (!/^Class(?:Decl|Expr)/.test(owner.type) || nameOfClass(owner) !== className) continue;
    const declared = declaredAs(owner, property);
    const isStatic = declared?.['static'] === true;
    const mentions = mentionsOf(source, owner, property, isStatic ? className : null);
    const made = madeIn(declared, mentions);
    const created = createdBy(made?.value ?? null, type);
    if (!made || !created) continue;
    const isPrivate = property.startsWith('#') || declared?.['accessibility'] === 'private';
    found.push({
      ...created,
      text: isStatic ? `${className}.${property}` : `this.${property}`,
      name: property.replace('#', ''),
      declaration: declared ?? made.node,
      annotation: annotationOf(declared),
      mentions,
      references: withAliases(mentions.filter(({ parent }) => parent !== made.node)),
      reach: isPrivate ? 'none' : 'property',
    });
  }
  return found;
}

function declaredAs(owner: Node, property: string): Node | undefined {
  return (owner['body'].body as Node[]).find(
    (member) => member.type === 'PropertyDefinition' && nameOf(member['key'] as Node) === property,
  );
}

/** Where a field gets its container: in its declaration, or in the constructor. */
function madeIn(declared: Node | undefined, mentions: readonly Node[]): { node: Node; value: Node } | null {
  if (declared?.['value']) return { node: declared, value: declared['value'] as Node };
  const assignment = mentions.find(
    (mention) =>
      mention.parent.type === 'AssignmentExpression' &&
      mention.parent['left'] === mention &&
      functionAround(mention)?.parent['kind'] === 'constructor',
  )?.parent;
  return assignment ? { node: assignment, value: assignment['right'] as Node } : null;
}

function nameOfClass(owner: Node): string | null {
  return nameOf(
    (owner['id'] ?? (owner.parent.type === 'VariableDeclarator' ? owner.parent['id'] : null)) as Node | null,
  );
}

/** `this.name` in a class, also where `this` has another name, and `Class.name` of a static field. */
function mentionsOf(source: Source, owner: Node, name: string, className: string | null): Node[] {
  const found: Node[] = [];
  for (const node of within(className === null ? owner : source.program)) {
    if (node.type === 'MemberExpression' && memberName(node) === name) {
      const object = node['object'] as Node;
      const isThis = isThisOf(object, owner) || (className !== null && nameOf(object) === className);
      if (isThis) found.push(node);
    }
    // `const { users } = this`
    if (node.type === 'VariableDeclarator' && node['init'] && isThisOf(node['init'] as Node, owner))
      for (const property of (node['id'].properties ?? []) as Node[])
        if (nameOf(property['key'] as Node) === name) found.push(property);
  }
  return found;
}

function isThisOf(node: Node, owner: Node): boolean {
  if (node.type === 'ThisExpression') return classAround(node) === owner;
  if (node.type !== 'Identifier') return false;
  for (const scope of around(node)) {
    if (scope === owner) return false;
    for (const child of within(scope))
      if (child.type === 'VariableDeclarator' && nameOf(child['id'] as Node) === node['name'])
        return (child['init'] as Node | null)?.type === 'ThisExpression' && classAround(child) === owner;
  }
  return false;
}

/** The class of the object that a field gets: `Counter` of `requests = new Counter()`. Null where that is not written. */
export function classOfField(source: Source, className: string, property: string): string | null {
  for (const owner of within(source.program)) {
    if (!/^Class(?:Decl|Expr)/.test(owner.type) || nameOfClass(owner) !== className) continue;
    const declared = declaredAs(owner, property);
    const value = madeIn(declared, mentionsOf(source, owner, property, null))?.value;
    if (value?.type === 'NewExpression') return nameOf(value['callee'] as Node);
  }
  return null;
}
