import type { Work } from '../model/context.js';
import type { WorkUnit } from '../model/result.js';

interface Waiting {
  resolve: (done: number) => void;
  reject: (error: unknown) => void;
  most: number;
}

/**
 * One work for several that measure at the same time: a round is done when each of them has asked for it, and counts for
 * each. So all readings of a round are taken after the same work.
 */
export class SharedRounds<Member> {
  readonly unit: WorkUnit;
  /** The work done in all, before the first round and after each. */
  readonly done: number[] = [0];
  readonly #members: Set<Member>;
  readonly #waiting = new Map<Member, Waiting>();
  readonly #quiet: (() => void)[] = [];

  constructor(
    private readonly work: Work,
    members: readonly Member[],
  ) {
    this.unit = work.unit;
    this.#members = new Set(members);
  }

  /** How many rounds were done, while all work is done in them; null for one that has left. */
  roundsFor(member: Member): number | null {
    return this.#members.has(member) ? this.done.length : null;
  }

  /** Waits until the others ask for a round, too. After the last has left, a round is done for whoever asks. */
  round(member: Member, most?: number): Promise<number> {
    if (!this.#members.has(member)) return this.work.round(most);
    return new Promise((resolve, reject) => {
      this.#waiting.set(member, { resolve, reject, most: most ?? Infinity });
      this.#begin();
    });
  }

  /** Leaves the rounds to the others, and waits until they have left, too. */
  quiet(member: Member): Promise<void> {
    const others = new Promise<void>((resolve) => this.#quiet.push(resolve));
    this.leave(member);
    return others;
  }

  /** The others do not wait for it any more. */
  leave(member: Member): void {
    this.#members.delete(member);
    this.#waiting.delete(member);
    if (this.#members.size === 0) for (const resolve of this.#quiet.splice(0)) resolve();
    else this.#begin();
  }

  #begin(): void {
    if (this.#waiting.size < this.#members.size) return;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    void this.#do(waiting);
  }

  async #do(waiting: readonly Waiting[]): Promise<void> {
    try {
      const most = Math.min(...waiting.map((one) => one.most));
      const done = await this.work.round(Number.isFinite(most) ? most : undefined);
      this.done.push((this.done.at(-1) ?? 0) + done);
      for (const { resolve } of waiting) resolve(done);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
