import { QueryError, type Question } from './question.js';
import { alive } from './questions/alive.js';
import { allocations, stack } from './questions/allocations.js';
import { buffers } from './questions/buffers.js';
import { listeners, promises, timers } from './questions/callbacks.js';
import { closures } from './questions/closures.js';
import { compare } from './questions/compare.js';
import { containers } from './questions/containers.js';
import { cut } from './questions/cut.js';
import { dominators } from './questions/dominators.js';
import { histogram } from './questions/histogram.js';
import { object, retaining } from './questions/object.js';
import { path } from './questions/path.js';
import { search } from './questions/search.js';
import { duplicates, pins, strings } from './questions/strings.js';
import { summary } from './questions/summary.js';

/** In the order in which they help: from the whole heap down to one reference. */
export const questions: readonly Question[] = [
  summary,
  histogram,
  containers,
  dominators,
  object,
  retaining,
  path,
  alive,
  cut,
  allocations,
  stack,
  closures,
  listeners,
  timers,
  promises,
  strings,
  duplicates,
  pins,
  buffers,
  search,
  compare,
];

/** @throws QueryError with the names that there are */
export function questionNamed(name: string): Question {
  const found = questions.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new QueryError(
    `there is no question ${JSON.stringify(name)}; ask one of ${questions.map((one) => one.name).join(', ')}`,
  );
}
