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
    return await compared([before, after]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A snapshot of our own that cannot be read fails this stage, and not the whole diagnosis as a Problem would. */
async function compared(files: string[]): Promise<Diagnosis> {
  try {
    return await diagnoseFiles(files);
  } catch (cause) {
    throw new Error(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

async function writeSnapshot(session: InspectorSession, file: string): Promise<void> {
  const out = createWriteStream(file);
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
