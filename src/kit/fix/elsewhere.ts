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
  const pattern = reach === 'property' ? new RegExp(`\\.${name}\\b(?!\\s*\\()`) : new RegExp(`\\b${name}\\b`);
  for (const other of await project.sourcesWith(pattern, source.file))
    for (const node of within(other.program)) {
      const isUse =
        reach === 'property'
          ? node.type === 'MemberExpression' && node['computed'] === false && node['property'].name === name
          : node.type === 'ImportSpecifier' && node['imported'].name === name;
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
