import { labelOf } from '../../answers/node-facts.js';
import { ownerPath } from '../../path/owner-path.js';
import { shortestPath } from '../../path/shortest-path.js';
import { type Answer, column, type Row } from '../answer.js';
import { pageOf } from '../pages.js';
import { choiceGiven, nodeGiven, type Question } from '../question.js';

const LEVELS = ['program', 'engine'] as const;
const COLUMNS = [
  column('via', 'text', 'step'),
  column('id', 'id'),
  column('retainedBytes', 'bytes', 'retained'),
  column('what', 'text'),
];

export const path: Question = {
  name: 'path',
  purpose: 'why an object is alive: the retaining path from a root, in the words of the program',
  takes: [
    { name: 'id', kind: 'id', required: true, why: 'the object' },
    {
      name: 'level',
      kind: 'choice',
      choices: LEVELS,
      why: "program: the path that a person of the program would draw; engine: the shortest through V8's edges (default program)",
    },
  ],
  ask(session, given, page): Answer {
    const { heap } = session;
    const { graph } = heap;
    const node = nodeGiven(session, given);
    const question = 'path';
    if (choiceGiven(given, 'level', LEVELS) === 'engine') {
      const steps = shortestPath(heap, node);
      const title =
        steps.length === 0
          ? `nothing retains ${labelOf(heap, node)}`
          : `${steps.length - 1} edges from the root`;
      return pageOf({ question, title, columns: COLUMNS }, steps, page, (step) => ({
        via: step.edge < 0 ? '' : `${graph.edgeTypeOf(step.edge)} ${graph.edgeName(step.edge)}`,
        id: graph.idOf(step.node),
        retainedBytes: heap.retainedBytesOf(step.node),
        what: labelOf(heap, step.node),
      }));
    }
    const owner = ownerPath(heap, node);
    const notes =
      owner !== null && owner.stepsLeftOut > 0
        ? [`${owner.stepsLeftOut} steps in the middle are left out.`]
        : [];
    const title = owner?.text ?? `nothing retains ${labelOf(heap, node)}`;
    const row = ({ via, id, retainedBytes, className }: NonNullable<typeof owner>['steps'][number]): Row => ({
      via: via.trim(),
      id,
      retainedBytes,
      what: className,
    });
    return pageOf({ question, title, columns: COLUMNS, notes }, owner?.steps ?? [], page, row);
  },
};
