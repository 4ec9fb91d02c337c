import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSnapshot } from '../../process/write-snapshot.js';
import type { Diagnosis } from '../model/result.js';
import type { Target } from '../model/target.js';
import { diagnoseFiles } from './from-files.js';

/**
 * Takes a snapshot of a process before and after some work, and compares them. The snapshots are in a temporary folder
 * and are removed.
 *
 * @param work called between the two snapshots
 * @throws Problem LEAK_LAB_SNAPSHOT
 */
export async function compareSnapshots(
  { session, facts }: Pick<Target, 'session' | 'facts'>,
  work: () => Promise<void>,
): Promise<Diagnosis> {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-snapshots-'));
  try {
    const before = join(folder, 'before.heapsnapshot');
    const after = join(folder, 'after.heapsnapshot');
    await writeSnapshot(session, before);
    await work();
    await writeSnapshot(session, after);
    return await compared([before, after], facts.folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A snapshot of our own that cannot be read fails this stage, and not the whole diagnosis as a Problem would. */
async function compared(files: string[], folder: string): Promise<Diagnosis> {
  try {
    // It may be redacted afterwards.
    return await diagnoseFiles(files, { quotesDataKeys: true, folder });
  } catch (cause) {
    throw new Error(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
