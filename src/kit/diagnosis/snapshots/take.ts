import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { InspectorSession } from '../../process/session.js';
import type { Diagnosis } from '../model/result.js';
import { diagnoseFiles } from './from-files.js';

/**
 * Takes a snapshot before and after some work, and compares them. The files are in a temporary folder and are removed.
 *
 * @param work called between the two snapshots
 * @throws Problem LEAK_LAB_SNAPSHOT
 */
export async function compareSnapshots(
  session: InspectorSession,
  work: () => Promise<void>,
): Promise<Diagnosis> {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-snapshots-'));
  try {
    const before = join(folder, 'before.heapsnapshot');
    const after = join(folder, 'after.heapsnapshot');
    await writeSnapshot(session, before);
    await work();
    await writeSnapshot(session, after);
    return await diagnoseFiles([before, after]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeSnapshot(session: InspectorSession, file: string): Promise<void> {
  const out = createWriteStream(file);
  const stop = session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => {
    out.write(chunk);
  });
  try {
    await session.post('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  } finally {
    stop();
    out.end();
    await finished(out);
  }
}
