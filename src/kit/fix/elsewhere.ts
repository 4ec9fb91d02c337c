import { wholeName } from '../name-pattern.js';
import { classAround, isFunction, memberName, nameOf } from '../../lint/syntax.js';
import type { Container } from './container.js';
import type { DeclinedReason } from './model.js';
import { typeOf } from './object-types.js';
import type { Clue } from './pattern.js';
import { declarationOf } from './references.js';
import { lineOf, type Node, type Source, within } from './source.js';

/** Another file, or another object of this one, that reaches the container. */
export async function usedElsewhere(
  { project, source }: Clue,
  container: Container,
): Promise<DeclinedReason | null> {
  const { name, text, reach } = container;
  const used = (of: Source, node: Node): DeclinedReason => ({
    code: 'used-elsewhere',
    container: text,
    file: project.shown(of.file),
    line: lineOf(of, node),
  });
  const other = otherObject(source, container);
  if (other) return used(source, other);
  if (reach === 'none') return null;
  for (const of of await project.sourcesWith(new RegExp(wholeName(name)), source.file))
    for (const node of within(of.program)) {
      const isUse =
        memberName(node) === name ||
        (node.type === 'Property' &&
          node.parent.type === 'ObjectPattern' &&
          nameOf(node['key'] as Node) === name) ||
        (reach === 'import' && node.type === 'ImportSpecifier' && nameOf(node['imported'] as Node) === name);
      if (isUse) return used(of, node);
    }
  return null;
}

/** Where the file of a class reaches the field of another object of it: `cache.users`, where `cache` is one. */
function otherObject(source: Source, { declaration, text, mentions }: Container): Node | null {
  const className = nameOf((classAround(declaration)?.['id'] ?? null) as Node | null);
  const field = text.slice(text.indexOf('.') + 1);
  if (mentions === null || className === null) return null;
  for (const node of within(source.program))
    if (
      memberName(node) === field &&
      !mentions.includes(node) &&
      mayBe(source, node['object'] as Node, className)
    )
      return node;
  return null;
}

/** Whether an expression may be an object of a class: it is written, or is a parameter without a type. */
function mayBe(source: Source, object: Node, className: string): boolean {
  if (object.type === 'ThisExpression')
    return nameOf((classAround(object)?.['superClass'] ?? null) as Node | null) === className;
  const type = typeOf(source, object);
  if (type !== null) return type === className;
  const declared = object.type === 'Identifier' ? declarationOf(object) : null;
  return declared !== null && isFunction(declared.parent) && !declared['typeAnnotation'];
}
