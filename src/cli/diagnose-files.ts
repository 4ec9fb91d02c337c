import { StatusLine } from '../command/screen.js';
import type { Diagnosis } from '../kit/diagnosis/diagnosis.js';
import { diagnoseFiles } from '../kit/diagnosis/offline.js';

/** Reads snapshots, with a line that says so for as long as it takes. */
export async function diagnoseSnapshots(files: readonly string[], signal: AbortSignal): Promise<Diagnosis> {
  const status = new StatusLine();
  try {
    status.show(`Reading ${files.join(' and ')} …`);
    const diagnosis = await diagnoseFiles(files);
    signal.throwIfAborted();
    return diagnosis;
  } finally {
    status.clear();
  }
}
