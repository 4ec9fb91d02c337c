import { memberName, nameOf, unwrap } from '../../lint/syntax.js';
import { referencesTo } from './references.js';
import type { Node } from './source.js';

export type ContainerKind = 'Map' | 'Set' | 'Array' | 'Object';

/** A Map, Set, array or object that a file creates, and every reference to it in this file. */
export interface Container {
  kind: ContainerKind;
  /** As its author calls it: `this.users`, `Users.all` or `everyUser`. */
  text: string;
  /** The name alone. */
  name: string;
  /** The field, the variable, or the assignment in the constructor. */
  declaration: Node;
  /** `new Map()`, `[]` or `{}`; null where other code makes it. */
  created: Node | null;
  /** The type that the declaration states; null without one. */
  annotation: Node | null;
  references: Node[];
  /** Its places in the text, before its other names are followed; null where its scope shows all of them. */
  mentions: readonly Node[] | null;
  /** How other files may reach it: by its name as a property, by importing it, or not at all. */
  reach: 'property' | 'import' | 'none';
}

/** Follows `const known = this.users` and `const { users } = this` to what the other name is used for. */
export function withAliases(references: readonly Node[]): Node[] {
  return references.flatMap((reference) => {
    const { parent } = reference;
    if (reference.type === 'Property') return withAliases(aliasReferences(reference['value'] as Node));
    if (
      parent.type === 'VariableDeclarator' &&
      parent['init'] === reference &&
      parent.parent['kind'] === 'const'
    )
      return withAliases(aliasReferences(parent['id'] as Node));
    return [reference];
  });
}

function aliasReferences(id: Node): Node[] {
  return id.type === 'Identifier' ? referencesTo(id) : [id];
}

export function annotationOf(node: Node | null | undefined): Node | null {
  return (node?.['typeAnnotation']?.typeAnnotation as Node | undefined) ?? null;
}

/** What a value is, or what the diagnosis says that it is where a function makes it. */
export function createdBy(value: Node | null, type: string): Pick<Container, 'kind' | 'created'> | null {
  const kind = kindOf(value);
  if (value && kind) return { kind, created: unwrap(value) };
  const isMade = value !== null && unwrap(value).type === 'CallExpression';
  return isMade && /^(?:Map|Set|Array)$/.test(type) ? { kind: type as ContainerKind, created: null } : null;
}

function kindOf(value: Node | null): ContainerKind | null {
  if (!value) return null;
  const made = unwrap(value);
  if (made.type === 'ArrayExpression') return 'Array';
  if (made.type === 'ObjectExpression') return 'Object';
  if (made.type === 'CallExpression' && pathOf(made['callee'] as Node) === 'Object.create') return 'Object';
  if (made.type !== 'NewExpression') return null;
  const name = nameOf(made['callee'] as Node);
  return name === 'Map' || name === 'Set' || name === 'Array' ? name : null;
}

/** `module.exports` as it is written. */
export function pathOf(node: Node): string {
  return node.type === 'MemberExpression'
    ? `${pathOf(node['object'] as Node)}.${memberName(node) ?? '?'}`
    : (nameOf(node) ?? '?');
}
