import type { Baseline } from '../../answers/baseline.js';
import { containerGrowth, growth } from '../../answers/growth.js';
import type { Heap } from '../../heap.js';
import { formatBytes, formatSigned } from '../../print/format.js';
import { type Answer, column, type Page } from '../answer.js';
import { pageOf } from '../pages.js';
import { choiceGiven, QueryError, type Question } from '../question.js';
import type { QuerySession } from '../session.js';
import { nameOf } from '../object-name.js';

const WAYS = ['class', 'owner'] as const;

export const compare: Question = {
  name: 'compare',
  purpose: 'what is new, gone and grown since the earlier snapshots, by class or by owner',
  takes: [
    {
      name: 'by',
      kind: 'choice',
      choices: WAYS,
      why: 'class: objects by class; owner: containers that gained entries (default class)',
    },
  ],
  snapshots: 2,
  ask(session, given, page) {
    const [first] = session.earlier;
    if (first === undefined)
      throw new QueryError('compare needs two snapshots or more of one process, the earliest first');
    return choiceGiven(given, 'by', WAYS) === 'class'
      ? byClass(session, first, page)
      : byOwner(session, first, page);
  },
};

function byClass(session: QuerySession, first: Baseline, page: Page): Answer {
  const { heap, earlier } = session;
  const rows = session.once('compare class', () => growth(first, heap));
  return pageOf(
    {
      question: 'compare',
      title: titleOf(heap, first),
      columns: [
        column('delta', 'count'),
        column('deltaBytes', 'bytes', 'bytes'),
        column('added', 'count', 'new'),
        column('removed', 'count', 'gone'),
        column('steps', 'text', 'count at each snapshot'),
        column('className', 'text', 'class'),
      ],
      notes: ['Objects are compared by their ids. A class that grew at every snapshot is worth a question.'],
    },
    rows,
    page,
    ({ className, added, removed, delta, deltaBytes, addedBytes, removedBytes }) => {
      const before = earlier.map(({ classes }) => classes.get(className)?.count ?? 0);
      const steps = [...before, (before[0] ?? 0) + delta].join(' → ');
      return { delta, deltaBytes, added, addedBytes, removed, removedBytes, steps, className };
    },
  );
}

function byOwner(session: QuerySession, first: Baseline, page: Page): Answer {
  const { heap, earlier } = session;
  const rows = session.once('compare owner', () => containerGrowth(first, heap, { limit: 1000 }));
  return pageOf(
    {
      question: 'compare',
      title: titleOf(heap, first),
      columns: [
        column('gained', 'count'),
        column('steps', 'text', 'entries at each snapshot'),
        column('retainedBytes', 'bytes', 'retained'),
        column('id', 'id'),
        column('owner', 'text'),
      ],
    },
    rows,
    page,
    ({ id, node, entries, gained, retainedBytes }) => ({
      gained,
      steps: [...earlier.map((one) => one.entries.get(id) ?? 0), entries].join(' → '),
      retainedBytes,
      id,
      owner: nameOf(heap, node),
    }),
  );
}

function titleOf(heap: Heap, first: Baseline): string {
  const bytes = heap.totalBytes - first.totalBytes;
  return `${formatSigned(formatBytes(bytes), bytes)} since the first snapshot, ${formatBytes(heap.totalBytes)} now`;
}
