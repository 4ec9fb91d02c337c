import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';
import {
  baselineOf,
  type Baseline,
  containerGrowth,
  formatBytes,
  formatCount,
  growth,
  type Heap,
  type OwnerPath,
  ownerPath,
  readHeap,
} from '../heap/index.js';
import { ownFigures } from '../process/sample.js';
import { type Caller, nowMs } from './caller.js';

const MOST_NAMED = 3;
/** Candidates that get a name before those are chosen: Node's own containers, of a runner or a socket, may grow as much. */
const MOST_CANDIDATES = 12;
/** Separates the steps of a path. */
const ARROW = ' › ';
/** The name of `ownerPath` for a variable whose name V8 does not record. */
const UNNAMED = 'a local variable';
/** Measured: a snapshot is taken and read at some 20 MB of heap per second. */
const MS_PER_BYTE = 1_000 / 20_000_000;

/**
 * Names what retains the growth: takes two heap snapshots with calls in between, and lists the containers and classes
 * that gained at least one object for every second call.
 *
 * @returns sentences, the likeliest suspect first; or one that says why there are none
 */
export async function nameSuspects(caller: Caller, calls: number, deadline: number): Promise<string[]> {
  const costMs = 2 * MS_PER_BYTE * ownFigures().heapUsedBytes;
  if (nowMs() + costMs > deadline) {
    return [
      `No suspect was named: two heap snapshots would take about ${Math.ceil(costMs / 1_000)} s. Raise atMostMs and the time limit of the test.`,
    ];
  }
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-'));
  try {
    // Read only after both are taken: what the reader allocates would look like a leak.
    const first = writeHeapSnapshot(join(folder, 'before.heapsnapshot'));
    await caller.call(calls);
    const second = writeHeapSnapshot(join(folder, 'after.heapsnapshot'));
    return describe(baselineOf(await readHeap(first)), await readHeap(second), calls);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function describe(before: Baseline, after: Heap, calls: number): string[] {
  const containers = containerGrowth(before, after, { limit: Infinity })
    .filter(
      ({ gained, existedBefore, kind }) =>
        existedBefore && gained >= calls / 2 && kind !== 'WeakMap' && kind !== 'WeakSet',
    )
    .slice(0, MOST_CANDIDATES)
    .map((container) => {
      const path = ownerPath(after, container.node);
      return { name: path ? shortName(path) : `a ${container.className}`, container };
    })
    .toSorted((one, other) => Number(isOfNode(one.name)) - Number(isOfNode(other.name)))
    .slice(0, MOST_NAMED)
    .map(
      ({ name, container: { kind, gained, entries } }) =>
        `${name} (${kind}) gained ${formatCount(gained)} entries in ${formatCount(calls)} calls and has ${formatCount(entries)}`,
    );
  const classes = growth(before, after)
    .filter(({ delta, deltaBytes }) => delta >= calls / 2 && deltaBytes > 0)
    .slice(0, MOST_NAMED)
    .map(
      ({ className, delta, deltaBytes }) =>
        `${formatCount(delta)} × ${className} (${formatBytes(deltaBytes)})`,
    );
  return classes.length === 0
    ? containers
    : [...containers, `live objects gained in ${formatCount(calls)} calls: ${classes.join(', ')}`];
}

/** The path without its first step where that is the running test function: its variables are known by their names. */
function shortName({ name, origin }: OwnerPath): string {
  const [first = '', ...rest] = name.split(ARROW);
  const isOfTest = origin === 'function' && first.endsWith('()') && rest.length > 0;
  return isOfTest && rest[0] !== UNNAMED ? rest.join(ARROW) : name;
}

function isOfNode(name: string): boolean {
  return name.startsWith('node:');
}
