import { differenceOf } from './answer-difference.js';
import type { AnswerDifference, AnswerRules, Answers, Exchange, Version } from './model.js';

/** How many differences are shown. */
const SHOWN = 3;
/** How many differing requests are sent again. */
const MOST_REPEATED = 20;

/**
 * Compares the answers of two versions, round by round, and retains only the first differences.
 *
 * A request whose answers differ is sent to both again. If the first version then gives another answer than before, or
 * both now give the same, the answer depends on time, chance or order, and its difference shows nothing.
 */
export class AnswerCheck {
  private compared = 0;
  private different = 0;
  private repeated = 0;
  private isProved = false;
  private readonly differences: AnswerDifference[] = [];

  constructor(
    private readonly before: Version,
    private readonly after: Version,
    private readonly rules: AnswerRules,
  ) {}

  /** @param from number of the first request */
  async add(before: readonly Exchange[], after: readonly Exchange[], from: number): Promise<void> {
    for (const [i, one] of before.entries()) {
      const other = after[i];
      if (!other) throw new Error('both versions have to get the same requests');
      this.compared += 1;
      const found = await differenceOf(one, other, this.rules);
      if (found === null) continue;
      this.different += 1;
      const { method, path } = one.request;
      const difference = { number: from + i + 1, method, path, ...found };
      const isStable = this.isProved ? false : await this.lasts(one);
      // A difference that lasts says more than one that may be chance.
      if (isStable) this.differences.unshift(difference);
      else this.differences.push(difference);
      this.differences.length = Math.min(SHOWN, this.differences.length);
      this.isProved ||= isStable;
    }
  }

  result(): Answers {
    const { compared, different, differences } = this;
    const kind = different === 0 ? 'same' : this.isProved ? 'different' : 'varies';
    return { compared, different, kind, differences };
  }

  private async lasts(first: Exchange): Promise<boolean> {
    if (this.repeated >= MOST_REPEATED) return false;
    this.repeated += 1;
    const [before, after] = await Promise.all([
      this.before.repeat(first.request),
      this.after.repeat(first.request),
    ]);
    const repeats = (await differenceOf(first, before, this.rules)) === null;
    return repeats && (await differenceOf(before, after, this.rules)) !== null;
  }
}
