import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';
import { examineInWorker, type ObjectReport, type ObjectReportOptions } from '../heap/index.js';
import { Problem } from '../problem.js';
import { SelfInspection } from './inspect-self.js';
import { announceCost } from './cost.js';

/**
 * What a heap snapshot shows of one live object. The service pauses while the snapshot is taken, and another thread reads
 * it. This is not an async function: those retain their arguments while they wait, and the snapshot would show that.
 *
 * @throws Problem LEAK_LAB_TOO_EXPENSIVE, unless `force` is set; LEAK_LAB_CONSOLE for an object that V8 gives no id
 */
export function examine(
  object: object,
  options: {
    notify: (note: string) => void;
    verb: string;
    force?: boolean | undefined;
    /** Objects of the console that must not count as retainers: the clients' global objects, and its caches. */
    prompts: () => object[];
  } & Pick<ObjectReportOptions, 'container'>,
): Promise<ObjectReport> {
  announceCost('snapshot', options);
  // mkdtemp makes it private to this user: a snapshot contains every string of the service.
  const folder = mkdtempSync(join(tmpdir(), 'leak-lab-'));
  const file = join(folder, 'console.heapsnapshot');
  const { container } = options;
  try {
    writeHeapSnapshot(file);
    const [id = 0, ...prompts] = idsOf([object, ...options.prompts()]);
    if (id === 0)
      throw new Problem(
        'LEAK_LAB_CONSOLE',
        'V8 gives no id for this object, so it cannot be found in a snapshot. Ask about an object that references it.',
      );
    const report = examineInWorker(file, { id, prompts, ...(container ? { container } : {}) });
    return removingFolder(report, folder);
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
}

async function removingFolder<T>(report: Promise<T>, folder: string): Promise<T> {
  try {
    return await report;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * The ids of objects in the snapshot just taken; 0 for an object without one. V8 forgets them when a session ends, so one
 * session asks for all.
 */
function idsOf(objects: object[]): number[] {
  return SelfInspection.ask((inspection) =>
    objects.map((object) => {
      const objectId = inspection.handleOf(object);
      return Number(inspection.post('HeapProfiler.getHeapObjectId', { objectId }).heapSnapshotObjectId);
    }),
  );
}
