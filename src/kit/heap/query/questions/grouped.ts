import { column, type Answer, type Page } from '../answer.js';
import type { Grouped } from '../functions.js';
import { pageOf } from '../pages.js';
import { counted } from '../../print/format.js';

/** The answer of a question whose rows are groups of objects. */
export function groupedAnswer(
  about: { question: string; one: string; by: string; notes?: string[] },
  groups: readonly Grouped[],
  page: Page,
): Answer {
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  return pageOf(
    {
      question: about.question,
      title: `${counted(count, about.one)}, by ${about.by}, the most first`,
      columns: [
        column('count', 'count'),
        column('retainedBytes', 'bytes', 'retained'),
        column('id', 'id', 'one of them'),
        column('text', 'text', about.by),
      ],
      notes: about.notes ?? [],
    },
    groups,
    page,
    (group) => ({ ...group }),
  );
}
