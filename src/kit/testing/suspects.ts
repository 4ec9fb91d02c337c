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
/** Named at most, to find those: what Node itself keeps, for a runner or a socket, may have grown as much. */
const MOST_LOOKED_AT = 12;
/** Between the steps of a path. */
const ARROW = ' › ';
/** What V8 has not kept the name of. */
const UNNAMED = 'a local variable';
/** Snapshots are taken and read at some 20 MB of heap a second. */
const MS_PER_BYTE = 1_000 / 20_000_000;

/**
 * Who keeps what the calls leave behind: two heap snapshots with calls in between, and what gained as many as
 * there were calls.
 *
 * @returns sentences, the likeliest suspect first
 */
export async function nameSuspects(caller: Caller, calls: number, deadline: number): Promise<string[]> {
  const priceMs = 2 * MS_PER_BYTE * ownFigures().heapUsedBytes;
  if (nowMs() + priceMs > deadline) {
    return [
      `Not named: two heap snapshots would take about ${Math.ceil(priceMs / 1_000)} s. Raise atMostMs, and the time limit of the test with it.`,
    ];
  }
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-'));
  try {
    // Both are read when both are taken: what reading leaves in memory would pass for a leak.
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
    .slice(0, MOST_LOOKED_AT)
    .map((container) => {
      const path = ownerPath(after, container.node);
      return { name: path ? spoken(path) : `a ${container.className}`, container };
    })
    .toSorted((one, other) => Number(isNodes(one.name)) - Number(isNodes(other.name)))
    .slice(0, MOST_NAMED)
    .map(
      ({ name, container: { kind, gained, entries } }) =>
        `${name} (${kind}) gained ${formatCount(gained)} entries in ${formatCount(calls)} calls, and has ${formatCount(entries)}`,
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
    : [...containers, `what stays of ${formatCount(calls)} calls: ${classes.join(', ')}`];
}

/** The test itself waits meanwhile: a variable of it needs no word of whose it is, where it has a name. */
function spoken({ name, origin }: OwnerPath): string {
  const [first, ...rest] = name.split(ARROW);
  const isOfTest = origin === 'function' && first!.endsWith('()') && rest.length > 0;
  return isOfTest && rest[0] !== UNNAMED ? rest.join(ARROW) : name;
}

function isNodes(name: string): boolean {
  return name.startsWith('node:');
}
