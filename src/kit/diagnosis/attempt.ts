import { Problem } from '../problem.js';
import type { Context } from './model/context.js';
import { LoadEnded } from './model/limits.js';
import type { Note, StageName } from './model/notes.js';

/**
 * Runs a stage. If it fails, the diagnosis goes on with what it has: `otherwise`, and a note that says which stage
 * failed and why.
 *
 * @throws what ends the whole diagnosis: a Problem, such as a target that has ended, or the operator's abort
 */
export async function attempt<Value extends { notes: Note[] }>(
  { options }: Context,
  stage: StageName,
  run: () => Promise<Value>,
  otherwise: Value,
): Promise<Value> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Problem || options.signal.aborted) throw error;
    if (error instanceof LoadEnded) return otherwise; // a note of the load says so
    const message = error instanceof Error ? error.message : String(error);
    return { ...otherwise, notes: [...otherwise.notes, { code: 'stage-failed', stage, message }] };
  }
}
