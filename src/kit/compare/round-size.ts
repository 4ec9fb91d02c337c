import type { Exchange } from './model.js';

const FIRST = 200;
/** With 20 rounds of so many, a leak of 50 bytes per request is told from a warm-up. */
const LEAST = 400;
const MOST = 4_000;
/** The time of one version in one round. */
const ROUND_MS = 400;
/** A version so slow that the fewest requests take longer than this gets fewer. */
const LONGEST_ROUND_MS = 1_500;
/** The answers of both versions are held until they are compared. */
const MOST_BYTES = 64 * 2 ** 20;

/** How many requests the next round sends, by the slower version of the last. */
export class RoundSize {
  private count = FIRST;

  next(): number {
    return this.count;
  }

  observe(rounds: readonly { exchanges: readonly Exchange[]; durationMs: number }[]): void {
    const slowestMs = Math.max(...rounds.map(({ durationMs }) => durationMs));
    const answers = rounds.flatMap(({ exchanges }) => exchanges);
    const bytes = answers.reduce((sum, { answer }) => sum + (answer?.body.length ?? 0), 0);
    const perMs = this.count / Math.max(1, slowestMs);
    const wanted = Math.max(Math.min(LEAST, perMs * LONGEST_ROUND_MS), perMs * ROUND_MS);
    const fits = (MOST_BYTES / Math.max(1, bytes)) * this.count;
    this.count = Math.max(1, Math.floor(Math.min(wanted, fits, MOST)));
  }
}
