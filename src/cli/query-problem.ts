import { HeapSnapshotError } from '../kit/heap/index.js';
import { QueryError } from '../kit/heap/query/index.js';
import { Problem } from '../kit/problem.js';

/** What the person can mend, as a problem; a bug as it is. */
export function asProblem(error: unknown): unknown {
  if (error instanceof QueryError) return unaskable(error.message);
  if (error instanceof HeapSnapshotError)
    return new Problem('LEAK_LAB_SNAPSHOT', error.message, { cause: error });
  return error;
}

export const unaskable = (message: string): Problem => new Problem('LEAK_LAB_SETTINGS', message);
