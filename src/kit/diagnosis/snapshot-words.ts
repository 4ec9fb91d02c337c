import { count, megabytes, percent, signed } from './figures.js';
import type { Note, UnnamedRetainer } from './model/notes.js';
import type { BoundSign } from './model/result.js';

/* The sentences about heap snapshots. */

type SnapshotNote = Extract<
  Note,
  {
    code:
      | 'one-snapshot'
      | 'two-snapshots'
      | 'snapshot-series'
      | 'growth-ended'
      | 'may-fill'
      | 'matched-by-owner'
      | 'nothing-grew'
      | 'growth-spread-out'
      | 'no-large-retainer'
      | 'unnamed-retainer';
  }
>;

/** A note on snapshots in a few sentences. */
export function snapshotText(note: SnapshotNote): string {
  switch (note.code) {
    case 'one-snapshot':
      return `The heap is ${megabytes(note.heapBytes)}. One snapshot shows what is large, not what grows: a leak and a cache of the intended size look the same. Take a second one after more work, and give both.`;
    case 'two-snapshots':
      return `The heap grew from ${megabytes(note.beforeBytes)} to ${megabytes(note.afterBytes)}. Two snapshots show what grew between them, not whether it goes on: a cache that fills looks the same.`;
    case 'matched-by-owner':
      return 'The ids of the objects do not match: V8 gives new ones when an inspector was closed in between, and so does a restart. Owners were matched by their paths and classes instead, so that what several owners share, or what has no owner, is not compared. If the process was restarted in between, the growth means nothing.';
    case 'nothing-grew':
      return `Nothing grew: the heap was ${megabytes(note.beforeBytes)}, then ${megabytes(note.afterBytes)}. Two snapshots of an idle process differ by as much.`;
    case 'growth-spread-out':
      return 'No owner accounts for a twentieth of the growth: it is spread over many small objects.';
    case 'no-large-retainer':
      return `Apart from the GC roots and the global objects, no object retains ${percent(note.share)} of the heap: the memory is spread over many small objects.`;
    case 'snapshot-series':
      return `The heap was ${list(note.bytes.map(megabytes))}. What went on growing to the last snapshot is named, the one first that gained most in its shortest step. That is no proof: a cache that is not full yet looks the same.`;
    case 'growth-ended':
      return `The heap did not grow from the last snapshot but one (${megabytes(note.beforeBytes)}) to the last (${megabytes(note.afterBytes)}): what grew before has stopped. If the process was idle in between, take another snapshot after more work.`;
    case 'may-fill':
      return `${list(note.containers.map(({ name, sign }) => `${name} has ${signText(sign)}`))}: ${note.containers.length === 1 ? 'it' : 'each'} may be a cache that fills. Two snapshots cannot tell that from a leak, so ${note.containers.length === 1 ? 'it is' : 'they are'} ranked last. Take a third one after as much work again, and give all three.`;
    case 'unnamed-retainer':
      return `No owner in the program was found for ${note.retainers.length === 1 ? 'the largest retainer' : 'the largest retainers'}: ${note.retainers.map((one) => unnamedText(one)).join('; ')}.`;
  }
}

function unnamedText({ className, count: objects, retainedBytes, share, path }: UnnamedRetainer): string {
  const what = objects === 1 ? `an object of class ${className}` : `${count(objects)} × ${className}`;
  const retained = path === '' || path === className ? '' : `, retained by ${path}`;
  return `${what} (${megabytes(retainedBytes)}, ${percent(share)}${retained})`;
}

/** A sign of a bound, as the object of "it has". */
export function signText({ kind, field }: BoundSign): string {
  switch (kind) {
    case 'maximum':
      return `a maximum beside it, ${field}`;
    case 'expiry':
      return `a time to live beside it, ${field}`;
    case 'entry-expiry':
      return `entries that expire, by ${field}`;
    case 'ring':
      return `a place for the next entry beside it, ${field}, as a ring has`;
  }
}

function list(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}

/** `+3,000, +1,500, +0 entries from one snapshot to the next`. */
export function gainedText({ gained, of }: { gained: readonly number[]; of: 'entries' | 'bytes' }): string {
  const texts = gained.map((one) =>
    of === 'bytes' ? signed(one) : `${one < 0 ? '−' : '+'}${count(Math.abs(one))}`,
  );
  return `${texts.join(', ')}${of === 'entries' ? ' entries' : ''} from one snapshot to the next`;
}
