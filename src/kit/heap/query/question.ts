import type { Answer, Page } from './answer.js';
import type { QuerySession } from './session.js';

/** One thing that a question needs to know. */
export interface Argument {
  name: string;
  /** `id`: the id of an object, such as `@123`. `whole`: a whole number. */
  kind: 'id' | 'text' | 'whole' | 'choice';
  choices?: readonly string[];
  required?: true;
  why: string;
}

export type Arguments = Readonly<Record<string, string>>;

/** A question that can be asked of a snapshot, on the command line and by an agent. */
export interface Question {
  name: string;
  /** What it answers, in one line. */
  purpose: string;
  /** In the order in which a person types them. */
  takes: readonly Argument[];
  /** The fewest snapshots that it needs; one by default. */
  snapshots?: 2;
  /** It needs a snapshot that was written while allocations were tracked. */
  stacks?: true;
  /** @throws HeapSnapshotError or QueryError */
  ask(session: QuerySession, given: Arguments, page: Page): Answer;
}

/** A question that cannot be answered as it was asked. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

const ID = /^@?(\d+)$/;

/** The node with the id that was given. @throws HeapSnapshotError HEAP_NO_SUCH_NODE */
export function nodeGiven(session: QuerySession, given: Arguments, name = 'id'): number {
  const [, digits] = ID.exec(given[name] ?? '') ?? [];
  if (digits === undefined) {
    throw new QueryError(
      `${name} must be the id of an object such as @123, not ${JSON.stringify(given[name] ?? '')}`,
    );
  }
  return session.heap.graph.nodeById(Number(digits));
}

export function wholeGiven(given: Arguments, name: string, usual: number): number {
  const text = given[name];
  if (text === undefined) return usual;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new QueryError(`${name} must be a whole number, not ${JSON.stringify(text)}`);
}

export function choiceGiven<const C extends string>(
  given: Arguments,
  name: string,
  choices: readonly C[],
): C {
  const text = given[name] ?? choices[0];
  const found = choices.find((one) => one === text);
  if (found !== undefined) return found;
  throw new QueryError(`${name} must be one of ${choices.join(', ')}, not ${JSON.stringify(text)}`);
}
