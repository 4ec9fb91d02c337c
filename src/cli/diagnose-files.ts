import { duration } from '../command/format.js';
import { StatusLine } from '../command/screen.js';
import type { Diagnosis } from '../kit/diagnosis/result.js';
import { diagnoseFilesInWorker } from '../kit/diagnosis/snapshots/in-worker.js';

const REFRESH_MS = 200;

/** Reads snapshots, with a line that says how far that is for as long as it takes. */
export async function diagnoseSnapshots(files: readonly string[], signal: AbortSignal): Promise<Diagnosis> {
  const status = new StatusLine();
  const start = performance.now();
  let doing = 'starting';
  const timer = setInterval(
    () => status.show(`${duration(performance.now() - start)}  ${doing} …`),
    REFRESH_MS,
  );
  try {
    return await diagnoseFilesInWorker(files, { signal, onProgress: (now) => (doing = now) });
  } finally {
    clearInterval(timer);
    status.clear();
  }
}
