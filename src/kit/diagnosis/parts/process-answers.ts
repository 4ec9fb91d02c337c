import { Problem } from '../../problem.js';
import type { Part } from './part.js';

/** What the threads of a process have answered together since they are counted. */
export class ProcessAnswers {
  readonly #known = new Map<Part, { answered: number; isGone: boolean }>();
  #latest: { rounds: number; answered: Promise<number> } | null = null;

  /** @param parts all parts of the process */
  constructor(private readonly parts: readonly Part[]) {}

  /**
   * Each part asks for the answers of its process before and after a round, and each thread is a part: of 60 threads, all
   * would be asked 120 times in a round. So they are asked once for all that ask after the same round.
   *
   * @param rounds that were done, if nothing is answered between them; null to ask in any case
   */
  read(rounds: number | null): Promise<number> {
    if (rounds === null) return this.#ask();
    if (this.#latest?.rounds !== rounds) this.#latest = { rounds, answered: this.#ask() };
    return this.#latest.answered;
  }

  async #ask(): Promise<number> {
    const counts = await Promise.all(this.parts.map((part) => this.#answeredBy(part)));
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
