import { Problem } from '../../problem.js';
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
  readonly total = { sent: 0, answered: 0 };
  #isShare: boolean | null = null;
  readonly #known = new Map<Part, { answered: number; isGone: boolean }>();

  /**
   * @param process all parts of the process
   * @param doRound does one round of work for the whole service
   */
  constructor(
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
    const answered = after - before;
    this.total.sent += sent;
    this.total.answered += answered;
    if (this.unit === 'second') return sent;
    this.#isShare ??= answered > 0 && answered < ALL * sent;
    if (!this.#isShare) return sent;
    // Without an answer in this round: about as much as usual, because readings need work between them.
    return answered > 0 ? answered : Math.max(1, (this.total.answered / this.total.sent) * sent);
  }

  /** How much has to be sent to the service for so much of it to come to this process. */
  #asSent(most: number): number {
    const { sent, answered } = this.total;
    return this.#isShare && answered > 0 ? Math.ceil((most * sent) / answered) : most;
  }

  quiet(): Promise<void> {
    return this.doRound.quiet();
  }

  /** What the process has answered since it is counted. */
  async #read(): Promise<number> {
    const counts = await Promise.all(this.process.map((part) => this.#answeredBy(part)));
    return counts.reduce((sum, answered) => sum + answered, 0);
  }

  /** A thread that has ended, or does not answer, is asked no more: what it did until then has been counted. */
  async #answeredBy(part: Part): Promise<number> {
    const known = this.#known.get(part) ?? { answered: 0, isGone: false };
    if (known.isGone || !part.counter) return known.answered;
    try {
      const { answered } = await part.counter.read();
      this.#known.set(part, { answered, isGone: false });
      return answered;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#known.set(part, { ...known, isGone: true });
      return known.answered;
    }
  }
}
