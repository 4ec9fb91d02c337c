import type { Container } from './container.js';
import type { DeclinedReason } from './model.js';
import type { Clue } from './pattern.js';
import { lineOf, within } from './source.js';

/** Another file that reaches the container. */
export async function usedElsewhere(
  { project, source }: Clue,
  { name, text, reach }: Container,
): Promise<DeclinedReason | null> {
  if (reach === 'none') return null;
  for (const other of await project.sourcesWith(new RegExp(`\\b${name}\\b`), source.file))
    for (const node of within(other.program)) {
      const isUse =
        (node.type === 'MemberExpression' && node['computed'] === false && node['property'].name === name) ||
        (node.type === 'Property' && node.parent.type === 'ObjectPattern' && node['key'].name === name) ||
        (reach === 'import' && node.type === 'ImportSpecifier' && node['imported'].name === name);
      if (isUse)
        return {
          code: 'used-elsewhere',
          container: text,
          file: project.shown(other.file),
          line: lineOf(other, node),
        };
    }
  return null;
}
