import { type Baseline, snapshotOrderOf } from '../../answers/baseline.js';
import { containerGrowth, growth } from '../../answers/growth.js';
import type { Heap } from '../../heap.js';
import { formatBytes, formatSigned } from '../../print/format.js';
import { type Answer, column, type Page, type Row } from '../answer.js';
import { pageOf } from '../pages.js';
import { choiceGiven, QueryError, type Question } from '../question.js';
import { entriesByOwner } from '../entries-by-owner.js';
import type { Earlier, QuerySession } from '../session.js';
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
    if (choiceGiven(given, 'by', WAYS) === 'class') return byClass(session, first, page);
    return haveSameIds(session, first) ? byOwner(session, first, page) : byPath(session, first, page);
  },
};

const OTHER_IDS =
  'The ids of the objects do not match: V8 gives new ones when an inspector was closed in between, and so does a restart.';

function haveSameIds(session: QuerySession, first: Baseline): boolean {
  return session.once('same ids', () => snapshotOrderOf(first, session.heap) !== 'another process');
}

function byClass(session: QuerySession, first: Earlier, page: Page): Answer {
  const { heap, earlier } = session;
  const rows = session.once('compare class', () => growth(first, heap));
  const isById = haveSameIds(session, first);
  return pageOf(
    {
      question: 'compare',
      title: titleOf(heap, first),
      columns: [
        column('delta', 'count'),
        column('deltaBytes', 'bytes', 'bytes'),
        ...(isById ? [column('added', 'count', 'new'), column('removed', 'count', 'gone')] : []),
        column('steps', 'text', 'count at each snapshot'),
        column('className', 'text', 'class'),
      ],
      notes: [
        isById ? 'Objects are compared by their ids.' : `${OTHER_IDS} Only counts are compared.`,
        'A class that grew at every snapshot is worth a question.',
      ],
    },
    rows,
    page,
    ({ className, added, removed, delta, deltaBytes, addedBytes, removedBytes }) => {
      const before = earlier.map(({ classes }) => classes.get(className)?.count ?? 0);
      const steps = [...before, (before[0] ?? 0) + delta].join(' → ');
      const replaced: Row = isById ? { added, addedBytes, removed, removedBytes } : {};
      return { delta, deltaBytes, ...replaced, steps, className };
    },
  );
}

const OWNER_COLUMNS = [
  column('gained', 'count'),
  column('steps', 'text', 'entries at each snapshot'),
  column('retainedBytes', 'bytes', 'retained'),
  column('id', 'id'),
  column('owner', 'text'),
];

function byOwner(session: QuerySession, first: Earlier, page: Page): Answer {
  const { heap, earlier } = session;
  const rows = session.once('compare owner', () => containerGrowth(first, heap, { limit: 1000 }));
  return pageOf(
    {
      question: 'compare',
      title: titleOf(heap, first),
      columns: OWNER_COLUMNS,
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

/** Where ids tell nothing, by the paths of the containers. */
function byPath(session: QuerySession, first: Earlier, page: Page): Answer {
  const { heap, earlier } = session;
  const rows = session.once('compare path', () =>
    [...entriesByOwner(heap).values()]
      .map((now) => Object.assign(now, { gained: now.entries - (first.owners.get(now.owner)?.entries ?? 0) }))
      .filter(({ gained }) => gained > 0)
      .toSorted((a, b) => b.gained - a.gained),
  );
  const title = titleOf(heap, first);
  const notes = [`${OTHER_IDS} Containers are compared by their paths.`];
  return pageOf(
    { question: 'compare', title, columns: OWNER_COLUMNS, notes },
    rows,
    page,
    ({ entries, owner, ...row }) => ({
      ...row,
      steps: [...earlier.map(({ owners }) => owners.get(owner)?.entries ?? 0), entries].join(' → '),
      owner,
    }),
  );
}

function titleOf(heap: Heap, first: Baseline): string {
  const bytes = heap.totalBytes - first.totalBytes;
  return `${formatSigned(formatBytes(bytes), bytes)} since the first snapshot, ${formatBytes(heap.totalBytes)} now`;
}
