import type { Done } from '../../process/answer-counter.js';
import type { Work } from '../model/context.js';
import type { WorkUnit } from '../model/result.js';
import type { Part } from './part.js';

/** A process that answers this share of what is sent does all of the work: what is sent counts it without a gap. */
const ALL = 0.95;

/**
 * The work of one part: what its process answered of what was sent. Seconds of existing traffic are the same for all.
 *
 * A process that answers nothing, such as the primary of a cluster or one whose requests cannot be counted, is measured
 * by what was sent to the service.
 */
export class PartWork implements Work {
  readonly unit: WorkUnit;
  /** In the rounds so far. */
  readonly total = { sent: 0, answeredByProcess: 0, answered: 0, busyMs: 0 };
  #isShare: boolean | null = null;

  /**
   * @param process all parts of the same process, this one included
   * @param doRound does one round of work for the whole service
   * @param whenQuiet resolves when no work is done for other parts
   */
  constructor(
    private readonly part: Part,
    private readonly process: readonly Part[],
    private readonly doRound: {
      unit: WorkUnit;
      round(most?: number): Promise<number>;
      quiet(): Promise<void>;
    },
  ) {
    this.unit = doRound.unit;
  }

  async round(most?: number): Promise<number> {
    const before = await this.#read();
    const sent = await this.doRound.round(most === undefined ? undefined : this.#asSent(most));
    const after = await this.#read();
    const answered = after.process - before.process;
    this.total.sent += sent;
    this.total.answeredByProcess += answered;
    this.total.answered += after.own.answered - before.own.answered;
    this.total.busyMs += after.own.busyMs - before.own.busyMs;
    if (this.unit === 'second') return sent;
    this.#isShare ??= answered > 0 && answered < ALL * sent;
    if (!this.#isShare) return sent;
    // Without an answer in this round: about as much as usual, because readings need work between them.
    return answered > 0 ? answered : Math.max(1, (this.total.answeredByProcess / this.total.sent) * sent);
  }

  /** How much has to be sent to the service for so much of it to come to this process. */
  #asSent(most: number): number {
    const { sent, answeredByProcess } = this.total;
    return this.#isShare && answeredByProcess > 0 ? Math.ceil((most * sent) / answeredByProcess) : most;
  }

  quiet(): Promise<void> {
    return this.doRound.quiet();
  }

  async #read(): Promise<{ own: Done; process: number }> {
    const counts = await Promise.all(
      this.process.map(async (one) => ({ one, done: (await one.counter?.read()) ?? NOTHING })),
    );
    const own = counts.find(({ one }) => one === this.part)?.done ?? NOTHING;
    return { own, process: counts.reduce((sum, { done }) => sum + done.answered, 0) };
  }
}

const NOTHING: Done = { answered: 0, busyMs: 0 };
