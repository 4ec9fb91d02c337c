import { sampleAfterCollection } from '../process/remote-sample.js';
import { liveBytes } from '../process/sample.js';
import type { Candidate, Context } from './model/context.js';
import type { Note } from './model/notes.js';
import { handlesOf, type Probe } from './probe/index.js';
import type { ClearResult, Diagnosis } from './model/result.js';

/** What the clear stage returns. */
export interface Cleared {
  clearResult?: ClearResult;
  notes: Note[];
}

/**
 * Clears the container of the first suspect where the operator agrees, and measures what memory comes back. The last
 * stage: the verdict stands by then.
 *
 * @param candidates of the walk, by which a suspect's container is found in the target
 */
export async function clearSuspect(
  { target, options }: Context,
  probe: Probe | null,
  { suspects }: Diagnosis,
  candidates: readonly Candidate[],
): Promise<Cleared> {
  if (!probe || !options.confirmClear) return { notes: [] };
  const [suspect] = suspects;
  if (!suspect) return notCleared('no-suspect');
  const [found, namesake] = candidates.filter((one) => one.suspect.name === suspect.name);
  if (!found) return notCleared('not-walked');
  const { grown } = found;
  if (handlesOf(grown) !== null) return notCleared('handles');
  if (grown.kind === 'String') return notCleared('text');
  if (namesake || grown.kind === 'List' || grown.kind === 'Buffer' || grown.containers > 1)
    return notCleared('not-one-container');
  if (!(await options.confirmClear(suspect))) return notCleared('declined');
  const beforeBytes = liveBytes(await sampleAfterCollection(target.session, target.pid));
  await probe.clear(grown);
  const afterBytes = liveBytes(await sampleAfterCollection(target.session, target.pid));
  return {
    clearResult: { suspect: suspect.name, beforeBytes, afterBytes },
    notes: [{ code: 'cleared', name: suspect.name, beforeBytes, afterBytes }],
  };
}

function notCleared(because: Extract<Note, { code: 'not-cleared' }>['because']): Cleared {
  return { notes: [{ code: 'not-cleared', because }] };
}
