import { duration } from '../command/format.js';
import { StatusLine } from '../command/screen.js';
import { type Diagnosis, diagnoseFilesInWorker } from '../kit/diagnosis/index.js';

const REFRESH_MS = 200;

/** Reads snapshots and shows a progress line meanwhile. */
export async function diagnoseSnapshots(
  files: readonly string[],
  redact: boolean,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const status = new StatusLine();
  const start = performance.now();
  let doing = 'starting';
  const timer = setInterval(
    () => status.show(`${duration(performance.now() - start)}  ${doing} …`),
    REFRESH_MS,
  );
  try {
    return await diagnoseFilesInWorker(files, {
      signal,
      quotesDataKeys: redact,
      onProgress: (now) => (doing = now),
    });
  } finally {
    clearInterval(timer);
    status.clear();
  }
}
