import { isFunction, memberName, nameOf } from '../../lint/syntax.js';
import { type Node, type Source, within } from './source.js';

/** The class of `this.cache` or `cache`, as the file declares it; null where it does not. */
export function typeOf({ program }: Source, object: Node): string | null {
  const name =
    object.type === 'MemberExpression' && object['object'].type === 'ThisExpression'
      ? memberName(object)
      : nameOf(object);
  if (name === null || object.type === 'ThisExpression') return null;
  for (const node of within(program)) {
    const declared =
      node.type === 'PropertyDefinition'
        ? node['key']
        : node.type === 'VariableDeclarator'
          ? node['id']
          : isParameter(node)
            ? node
            : null;
    if (!declared || nameOf(declared as Node) !== name) continue;
    const value = (node['value'] ?? node['init']) as Node | null;
    const stated = (node['typeAnnotation'] ?? declared['typeAnnotation'])?.typeAnnotation as Node | undefined;
    if (stated?.type === 'TSTypeReference') return nameOf(stated['typeName'] as Node);
    if (value?.type === 'NewExpression') return nameOf(value['callee'] as Node);
  }
  return null;
}

function isParameter(node: Node): boolean {
  if (node.type !== 'Identifier' || !node['typeAnnotation']) return false;
  return node.parent.type === 'TSParameterProperty' || isFunction(node.parent);
}
