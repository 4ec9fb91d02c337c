import type { Work } from '../model/context.js';
import type { WorkUnit } from '../model/result.js';
import type { ProcessAnswers } from './process-answers.js';

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

  /**
   * @param process all parts of the process
   * @param doRound does one round of work for the whole service
   */
  constructor(
    private readonly process: ProcessAnswers,
    private readonly doRound: {
      unit: WorkUnit;
      /** How many rounds were done, where nothing but these rounds makes the service work; else null. */
      rounds(): number | null;
      round(most?: number): Promise<number>;
      quiet(): Promise<void>;
    },
  ) {
    this.unit = doRound.unit;
  }

  async round(most?: number): Promise<number> {
    const before = await this.process.read(this.doRound.rounds());
    const sent = await this.doRound.round(most === undefined ? undefined : this.#asSent(most));
    const after = await this.process.read(this.doRound.rounds());
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
}
