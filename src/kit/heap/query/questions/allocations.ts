import {
  allocationSites,
  allocationStack,
  frameText,
  shareWithStack,
} from '../../answers/allocation-sites.js';
import { labelOf } from '../../answers/node-facts.js';
import { shortFile } from '../../path/script-name.js';
import { counted, formatBytes, formatShare } from '../../print/format.js';
import { column } from '../answer.js';
import { pageOf } from '../pages.js';
import { choiceGiven, nodeGiven, type Question } from '../question.js';
import type { QuerySession } from '../session.js';

const WAYS = ['function', 'program'] as const;
const ORDERS = ['live', 'retained', 'count'] as const;
const SIZE = { live: 'liveBytes', retained: 'retainedBytes', count: 'count' } as const;
const LINE = 'A line is where its function begins.';

export const allocations: Question = {
  name: 'allocations',
  purpose: 'live objects by the function that allocated them (if allocations were tracked)',
  takes: [
    {
      name: 'by',
      kind: 'choice',
      choices: WAYS,
      why: "function: the one that allocated; program: the innermost of the program's own files in the stack (default function)",
    },
    { name: 'order', kind: 'choice', choices: ORDERS, why: 'the largest first by this (default live)' },
  ],
  stacks: true,
  ask(session, given, page) {
    const by = choiceGiven(given, 'by', WAYS);
    const order = choiceGiven(given, 'order', ORDERS);
    const sites = session.once(`allocations ${by}`, () => allocationSites(session.heap, by));
    const bytes = sites.reduce((sum, { liveBytes }) => sum + liveBytes, 0);
    const objects = sites.reduce((sum, { count }) => sum + count, 0);
    const whose = by === 'function' ? 'that allocated them' : 'of the program that they were allocated for';
    return pageOf(
      {
        question: 'allocations',
        title: `${formatBytes(bytes)} in ${counted(objects, 'live object')} that were allocated under tracking, by the function ${whose}`,
        columns: [
          column('count', 'count', 'live'),
          column('made', 'count', 'allocated'),
          column('liveBytes', 'bytes', 'live bytes'),
          column('retainedBytes', 'bytes', 'retained'),
          column('id', 'id', 'one of them'),
          column('where', 'text', 'function'),
          column('what', 'text'),
        ],
        notes: [
          ...lost(session),
          `Each object is counted once, at its own size; retained sizes of rows overlap. ${LINE} Ask "stack @ID" for the calls that allocated an object.`,
          'What V8 built into its caller is counted there: node --no-opt --no-maglev keeps them apart.',
        ],
      },
      sites.toSorted((a, b) => b[SIZE[order]] - a[SIZE[order]]),
      page,
      (site) => ({ ...site }),
    );
  },
};

/** Less is not what a few objects of V8 itself explain. */
const NEARLY_ALL = 0.9;

function lost(session: QuerySession): string[] {
  const share = session.once('share with stack', () => shareWithStack(session.heap));
  if (share >= NEARLY_ALL) return [];
  return [
    `Only ${formatShare(share)} of the live objects since tracking began have a stack, and some may have another one's: V8 loses them when it moves objects (Node 22 and 24 do; 20 and 26 keep all). Counts are too low.`,
  ];
}

export const stack: Question = {
  name: 'stack',
  purpose: 'the calls that allocated an object, the innermost first (if allocations were tracked)',
  takes: [{ name: 'id', kind: 'id', required: true, why: 'the object' }],
  stacks: true,
  ask(session, given, page) {
    const { heap } = session;
    const node = nodeGiven(session, given);
    const frames = allocationStack(heap, node);
    const what = `${labelOf(heap, node)} @${heap.graph.idOf(node)}`;
    const [innermost] = frames;
    return pageOf(
      {
        question: 'stack',
        title:
          innermost === undefined
            ? `${what} has no stack: it was allocated before tracking began, or by V8 itself`
            : `${what} was allocated by ${frameText(innermost)}`,
        columns: [column('function', 'text'), column('file', 'text'), column('line', 'count')],
        notes: frames.length === 0 ? lost(session) : [LINE, ...lost(session)],
      },
      frames,
      page,
      ({ name, script, line }) => ({
        function: name || '(anonymous)',
        file: shortFile(script),
        line: line === 0 ? null : line,
      }),
    );
  },
};
