import { CONTAINER_KINDS, type Container, containers as byKind } from '../../answers/containers.js';
import { formatEntries } from '../../print/answers.js';
import { column } from '../answer.js';
import { pageOf } from '../pages.js';
import { choiceGiven, type Question } from '../question.js';
import { nameOf } from '../object-name.js';
import { counted } from '../../print/format.js';

const MOST = 1000;
const KINDS = ['any', ...CONTAINER_KINDS] as const;

export const containers: Question = {
  name: 'containers',
  purpose: 'Maps, Sets, arrays, dictionaries and buffers by entries, bytes and how full they are',
  takes: [
    { name: 'kind', kind: 'choice', choices: KINDS, why: 'only these (default any, without buffers)' },
    {
      name: 'order',
      kind: 'choice',
      choices: ['entries', 'retained'],
      why: 'the largest first by this (default entries)',
    },
  ],
  ask(session, given, page) {
    const { heap } = session;
    const kind = choiceGiven(given, 'kind', KINDS);
    const order = choiceGiven(given, 'order', ['entries', 'retained'] as const);
    const groups = session.once('containers', () => byKind(heap, { limit: MOST }));
    const chosen = groups.filter((group) =>
      kind === 'any' ? group.kind !== 'ArrayBuffer' : group.kind === kind,
    );
    const size = (one: Container): number => (order === 'entries' ? one.entries : one.retainedBytes);
    const rows = chosen
      .flatMap(({ largest }) => largest)
      .filter(({ entries }) => entries > 0)
      .toSorted((a, b) => size(b) - size(a));
    const count = chosen.reduce((sum, group) => sum + group.count, 0);
    return {
      ...pageOf(
        {
          question: 'containers',
          title: `${counted(rows.length, 'container')} with entries${count > rows.length ? ` of ${counted(count, 'container')}` : ''}, the most ${order} first`,
          columns: [
            column('shown', 'text', 'entries'),
            column('full', 'share'),
            column('retainedBytes', 'bytes', 'retained'),
            column('id', 'id'),
            column('className', 'text', 'class'),
            column('owner', 'text'),
          ],
          notes: chosen.some((group) => group.count > MOST)
            ? [`Of each kind, the ${MOST} with the most entries are listed.`]
            : [],
        },
        rows,
        page,
        (one) => ({
          shown: formatEntries(one),
          entries: one.entries,
          precision: one.precision,
          full: one.capacity > 0 ? one.entries / one.capacity : null,
          capacity: one.capacity,
          retainedBytes: one.retainedBytes,
          id: one.id,
          kind: one.kind,
          className: one.className,
          owner: nameOf(heap, one.node),
        }),
      ),
    };
  },
};
