import type { DiagnoseOptions } from '../diagnose.js';
import { FEWEST_GROWN_BYTES } from './suspects.js';
import { availableBytes, refusal, snapshotPrice } from '../cost-limit.js';
import { compareSnapshots } from './take.js';
import { type Climb, workBetween } from '../walk/stage.js';

const FEWEST_BYTES = 4 * FEWEST_GROWN_BYTES;
/** Times of the work between two walks. */
const MOST_WORK = 5;

/** Two snapshots, for what no walk can see: what only promises, finalizers, native handles and chains hold. */
export async function snapshotRung(climb: Climb, options: DiagnoseOptions): Promise<void> {
  const { patient, measured, diagnosis, onProgress } = climb;
  const { notes, timingsMs } = diagnosis;
  const UNEXPLAINED = 'The walk does not explain most of the growth';
  if (!options.snapshot) {
    notes.push(`${UNEXPLAINED}; a heap snapshot might, and --no-snapshot forbids it.`);
    return;
  }
  const price = snapshotPrice(measured.looks.at(-1)!.heapUsedBytes);
  const refused = refusal('A heap snapshot', price, await availableBytes(patient.session), options);
  if (refused) {
    notes.push(`${UNEXPLAINED}. ${refused}`);
    return;
  }
  const start = performance.now();
  onProgress?.(
    `taking snapshots: the process stops for about ${Math.ceil(price.pauseMs / 1000)} s, twice`,
    0.5,
  );
  const bytesPerWork = measured.verdict.bytesPerRequest!.estimate;
  let done = 0;
  const compared = await compareSnapshots(patient.session, async () => {
    // Of a slow leak as much has to come together as tells it from V8's own comings and goings.
    for (let time = 0; time < MOST_WORK && done * bytesPerWork < FEWEST_BYTES; time += 1)
      done += await workBetween(climb);
    onProgress?.('taking the second snapshot, and comparing', 0.9);
  });
  timingsMs['snapshots'] = Math.round(performance.now() - start);
  notes.push(`${UNEXPLAINED}, so two heap snapshots were compared.`);
  diagnosis.snapshot = compared.snapshot;
  const growth = bytesPerWork * done;
  const found = compared.suspects;
  for (const suspect of found) {
    const { gainedBytes = 0 } = suspect;
    suspect.bytesPerRequest = gainedBytes / done;
    suspect.share = Math.min(1, gainedBytes / growth);
    if (suspect.allocatedAt.length === 0) suspect.allocatedAt = diagnosis.allocatedAt ?? [];
  }
  const known = diagnosis.suspects.filter(
    ({ share }) => !found.some((other) => (other.share ?? 0) > (share ?? 0)),
  );
  diagnosis.suspects = [...found, ...known].toSorted((a, b) => (b.share ?? 0) - (a.share ?? 0));
  for (const [at, suspect] of diagnosis.suspects.entries()) suspect.rank = at + 1;
}
