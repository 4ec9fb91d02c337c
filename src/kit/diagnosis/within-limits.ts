import { type Headroom, headroomOf } from '../outside/index.js';
import type { Work } from './model/context.js';
import { limitNote, LoadEnded, nearLimit, roomBelow, sinceFirst } from './model/limits.js';
import type { Note } from './model/notes.js';

/** Work that ends before its target does. */
export interface LimitedWork extends Work {
  /** What to say where the load was ended. */
  notes(): Note[];
}

/** Of the room below a limit, for the whole diagnosis. What is left is for those who use the target. */
const SHARE = 0.8;
/** Until requests were sent, each is taken to use so much of what is counted: both ends of two connections. */
const LIKELY = 4;
const COUNTED = new Set<Headroom['code']>(['open-files', 'user-processes', 'container-processes', 'ports']);

/**
 * Work that no process is taken to its limits by. The measurement plans its rounds so that it stays far away; the stages
 * after it do not measure, and a process that runs out of files or memory there is dead all the same.
 *
 * @param pids of the processes that do the work
 */
export function withinLimits(work: Work, pids: readonly number[]): LimitedWork {
  if (work.unit !== 'request') return { ...workOf(work), notes: () => [] };
  const processes = pids.map((pid) => new Watched(pid));
  let note: Note | null = null;
  return {
    ...workOf(work),
    async round(most = Number.POSITIVE_INFINITY) {
      for (const process of processes) {
        const near = process.read();
        if (!near) continue;
        note ??= limitNote(near);
        throw new LoadEnded();
      }
      const wanted = Math.min(most, ...processes.map((process) => process.mayDo()));
      const done = await work.round(Number.isFinite(wanted) ? wanted : undefined);
      for (const process of processes) process.did(done);
      return done;
    },
    notes: () => (note ? [note] : []),
  };
}

/** The notes of a diagnosis, with that of the load, unless the measurement has ended for the same reason. */
export function withLimitNotes(notes: readonly Note[], work: LimitedWork): Note[] {
  const isKnown = (one: Note): boolean =>
    notes.some((note) => note.code === 'near-limit' && one.code === note.code && one.limit === note.limit);
  return [...notes, ...work.notes().filter((one) => !isKnown(one))];
}

/** As it is; a copy of its properties would lack the methods of a class. */
function workOf(work: Work): Work {
  return {
    unit: work.unit,
    round: (most) => work.round(most),
    ...(work.quiet && { quiet: () => work.quiet!() }),
  };
}

/** A process, and how far it was from its limits before each round. */
class Watched {
  private first: Headroom[] = [];
  private before: Headroom[] = [];
  private now: Headroom[] = [];
  private done = 0;
  private latest = 0;

  constructor(private readonly pid: number) {}

  /** @returns the limit that is near */
  read(): Headroom | null {
    this.before = this.now;
    this.now = headroomOf(this.pid);
    if (this.first.length === 0) this.first = this.now;
    return nearLimit(this.first, this.now, SHARE);
  }

  /** How much work takes it to no limit, at the highest rate that was seen. */
  mayDo(): number {
    const units = sinceFirst(this.first, this.now).map(({ first, now }) => {
      const before = this.before.find(({ code }) => code === now.code) ?? now;
      const rate =
        this.done === 0
          ? Number(COUNTED.has(now.code)) * LIKELY
          : Math.max(
              (now.used - first.used) / this.done,
              (now.used - before.used) / Math.max(1, this.latest),
            );
      return rate > 0 ? Math.floor(roomBelow(first, now, SHARE) / rate) : Number.POSITIVE_INFINITY;
    });
    return Math.max(1, Math.min(...units));
  }

  did(work: number): void {
    this.done += work;
    this.latest = work;
  }
}
