import { type Accused, handlesOf } from '../walk/suspects.js';
import type { Climb } from '../walk/stage.js';
import { liveBytes, sampleAfterCollection } from '../../process/sample.js';
import type { Walk } from '../probe/open-probe.js';

/** Empties the first suspect, where the operator says yes, and sees what memory comes back. */
export async function prove(climb: Climb, { suspects, gains }: Accused, walk: Walk): Promise<void> {
  const { patient, diagnosis, options } = climb;
  const [suspect] = suspects;
  const gain = suspect && gains.get(suspect);
  if (!suspect || !gain || !options.mayEmpty) return;
  if (handlesOf(gain) !== null) {
    diagnosis.notes.push('Nothing was emptied: handles are closed by who opened them.');
    return;
  }
  if (gain.kind === 'String') {
    diagnosis.notes.push('Nothing was emptied: a text is cut by who appends to it.');
    return;
  }
  if (!(await options.mayEmpty(suspect))) {
    diagnosis.notes.push('Nothing was emptied: that was not agreed to.');
    return;
  }
  const before = liveBytes(await sampleAfterCollection(patient.session, patient.pid));
  await walk.clear(gain);
  const after = liveBytes(await sampleAfterCollection(patient.session, patient.pid));
  diagnosis.proof = { suspect: suspect.name, beforeBytes: before, afterBytes: after };
  diagnosis.notes.push(
    `Proved: when ${suspect.name} was emptied, ${megabytes(before - after)} came back (${megabytes(before)} before, ${megabytes(after)} after).`,
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
