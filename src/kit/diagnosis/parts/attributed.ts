import type { Measured } from '../model/context.js';
import type { Part } from './part.js';

/** A part and its readings. */
export interface PartMeasured {
  part: Part;
  measured: Measured;
}

/**
 * The readings with the resident set shared out. The operating system counts it for a process, and V8 counts all else for
 * each of its threads: the heaps and buffers of worker threads are not memory outside V8 of the main thread, and a
 * worker thread has none that could be told from the rest of the process.
 */
export function attributed(all: readonly PartMeasured[], one: PartMeasured): Measured {
  const { part, measured } = one;
  const isThread = part.member.role === 'worker thread';
  const threads = all.filter(
    (other) => other !== one && other.part.member.pid === part.member.pid && !isThread,
  );
  if (!isThread && threads.length === 0) return measured;
  const samples = measured.samples.map((sample, round) => {
    const own = sample.heapTotalBytes + sample.externalBytes;
    if (isThread) return { ...sample, rssBytes: own };
    const others = threads.reduce((sum, { measured: { samples: theirs } }) => {
      const theirSample = theirs[Math.min(round, theirs.length - 1)];
      return sum + (theirSample ? theirSample.heapTotalBytes + theirSample.externalBytes : 0);
    }, 0);
    return { ...sample, rssBytes: Math.max(own, sample.rssBytes - others) };
  });
  return { ...measured, samples };
}
