import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { InspectorSession } from './session.js';

/** Takes a heap snapshot of the process at the other end of a session. The process stops meanwhile. */
export async function writeSnapshot(session: InspectorSession, file: string): Promise<void> {
  const out = createWriteStream(file, { mode: 0o600 }); // it has the strings of the process, such as passwords
  const written = finished(out);
  written.catch(() => {}); // a full disk is reported below, when it is awaited
  const stop = session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => {
    out.write(chunk);
  });
  try {
    await session.post('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  } finally {
    stop();
    out.end();
    await written;
  }
}
