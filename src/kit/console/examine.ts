import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';
import { examineInWorker, type ObjectReport, type ObjectReportOptions } from '../heap/index.js';
import { Problem } from '../problem.js';
import { SelfInspection } from './inspect-self.js';
import { pay } from './cost.js';

/**
 * All that a heap snapshot tells of one live object: the service stops while it is taken, and serves on while
 * another thread reads it. Not an async function: those keep their arguments, and would be found to hold the object.
 */
export function examine(
  object: object,
  options: {
    say: (note: string) => void;
    verb: string;
    force?: boolean | undefined;
    /** The global objects of the consoles, and what remembers for them. */
    prompts: () => object[];
  } & Pick<ObjectReportOptions, 'container'>,
): Promise<ObjectReport> {
  pay('a heap snapshot', options);
  // For this user alone: it holds every string of the service.
  const folder = mkdtempSync(join(tmpdir(), 'leak-lab-'));
  const file = join(folder, 'console.heapsnapshot');
  const { container } = options;
  try {
    writeHeapSnapshot(file);
    const [id, ...prompts] = idsOf([object, ...options.prompts()]) as [number, ...number[]];
    if (id === 0)
      throw new Problem('LEAK_LAB_CONSOLE', 'V8 does not tell the id of this object: ask about another one');
    const report = examineInWorker(file, { id, prompts, ...(container ? { container } : {}) });
    return withoutTrace(report, folder);
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
}

async function withoutTrace<T>(report: Promise<T>, folder: string): Promise<T> {
  try {
    return await report;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * V8 gives objects their ids when it takes a snapshot, and keeps them until a session ends: all are asked for in one.
 * 0 for what has none.
 */
function idsOf(objects: object[]): number[] {
  return SelfInspection.ask((inspection) =>
    objects.map((object) => {
      const objectId = inspection.handleOf(object);
      const answer = inspection.post('HeapProfiler.getHeapObjectId', { objectId });
      return Number((answer as { heapSnapshotObjectId: string }).heapSnapshotObjectId);
    }),
  );
}
