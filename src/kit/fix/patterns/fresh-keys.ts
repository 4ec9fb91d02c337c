import type { Container } from '../container.js';
import type { Editor } from '../editor.js';
import type { Assumption } from '../model.js';
import { declarationOf } from '../references.js';
import type { Node } from '../source.js';
import type { Use } from '../uses.js';

/**
 * The keys of a Map that is asked with a new object each time, which is never equal to one that is there. Empty where a
 * key is something else.
 */
export function freshKeys({ kind }: Container, uses: readonly Use[]): Node[] {
  const keys = kind === 'Map' ? uses.flatMap((use) => ('key' in use ? [use.key] : [])) : [];
  return keys.every((key) => isFresh(key)) ? keys : [];
}

function isFresh(key: Node): boolean {
  if (/^(?:ObjectExpression|ArrayExpression)$/.test(key.type)) return true;
  const declarator = key.type === 'Identifier' ? declarationOf(key)?.parent : undefined;
  return (
    declarator?.type === 'VariableDeclarator' &&
    declarator.parent['kind'] === 'const' &&
    /^(?:ObjectExpression|ArrayExpression)$/.test((declarator['init'] as Node | null)?.type ?? '')
  );
}

/** Compares keys by their fields. The type of the keys becomes `string`. @returns what that assumes */
export function compareByValue(
  editor: Editor,
  { created, annotation }: Container,
  keys: readonly Node[],
): Assumption[] {
  for (const key of keys) {
    editor.text.appendRight(key.range[0], 'JSON.stringify(');
    editor.text.appendLeft(key.range[1], ')');
  }
  for (const node of [created, annotation]) {
    const first = node?.['typeArguments']?.params[0] as Node | undefined;
    if (first && keys.length > 0) editor.replace(first, 'string');
  }
  return keys.length > 0 ? [{ code: 'keys-by-value' }] : [];
}
