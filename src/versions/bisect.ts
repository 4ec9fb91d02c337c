import type { Rate } from '../kit/verdict/index.js';
import { Problem } from '../kit/problem.js';
import { commitOf, describeCommit, git } from './git.js';

/** What the measurement of one commit said. */
export interface Measured {
  kind: 'leak' | 'bounded' | 'skipped';
  /** Bytes per request; null where it was not measured. */
  growthRate: Rate | null;
  /** Why, in a sentence or two. */
  reason: string;
}

/** One commit that was measured. */
export interface Step extends Measured {
  commit: string;
  /** `1a2b3c4 The subject of the commit`. */
  title: string;
  /** How many commits may still be the first that leaks, before this step. */
  candidates: number;
}

export interface BisectOptions {
  repository: string;
  good: string;
  bad: string;
  signal: AbortSignal;
  /** Builds, starts and measures a commit. What cannot be built or settled is skipped. */
  measure(commit: string): Promise<Measured>;
  onStep?: ((step: Step) => void) | undefined;
}

export interface Bisected {
  /** The commits that were measured, in order. */
  steps: Step[];
  /** The first commit that leaks and its parent; null where commits between them had to be skipped. */
  found: { first: Step; parent: Step } | null;
  /** The commits of which one is the first that leaks. One where it was found. */
  candidates: string[];
}

/**
 * Finds the commit that began to leak by measuring as few commits as possible. The bad end is measured first. The good
 * end only needs it where no other commit before the leak was measured, as the last step.
 *
 * @throws Problem LEAK_LAB_VERSION when an end is not as it was said to be, or is no ancestor of the other
 */
export async function bisect(options: BisectOptions): Promise<Bisected> {
  const { repository } = options;
  const [good, bad] = [await commitOf(repository, options.good), await commitOf(repository, options.bad)];
  const search = new Search(options, good, bad);
  await search.begin();
  for (;;) {
    options.signal.throwIfAborted();
    const next = await search.next();
    if (next === null) return search.end();
    await search.measure(next);
  }
}

class Search {
  private readonly steps: Step[] = [];
  private readonly goods: string[];
  private candidates: string[] = [];

  constructor(
    private readonly options: BisectOptions,
    private readonly good: string,
    private bad: string,
  ) {
    this.goods = [good];
  }

  async begin(): Promise<void> {
    const { repository, good, bad } = this.options;
    this.candidates = await this.between();
    if (this.candidates.length === 0)
      throw new Problem(
        'LEAK_LAB_VERSION',
        `${bad} has no commits that ${good} lacks: pass --good and --bad the other way round`,
      );
    await git(repository, 'merge-base', '--is-ancestor', this.good, this.bad).catch((cause: unknown) => {
      throw new Problem(
        'LEAK_LAB_VERSION',
        `${good} is no ancestor of ${bad}, so the leak may have begun on either side: pass a commit of the same line as --good`,
        { cause },
      );
    });
    const step = await this.measure(this.bad);
    if (step.kind !== 'leak')
      throw new Problem(
        'LEAK_LAB_VERSION',
        `the bad end, ${step.title}, ${saidOf(step)}. Pass a commit that leaks as --bad`,
      );
  }

  /** The commit that halves the candidates best; null where none is left to measure. */
  async next(): Promise<string | null> {
    const order = await this.byDistance();
    this.candidates = order.map(({ commit }) => commit);
    const open = order.filter(({ commit }) => commit !== this.bad && !this.isMeasured(commit));
    const [best] = open;
    if (!best) return null;
    // Two commits halve a straight history equally well. The earlier one makes the way to the good end shorter, and
    // that end may still have to be measured.
    const equal = open.filter(({ distance }) => distance === best.distance);
    const counted = await Promise.all(
      equal.slice(0, 8).map(async ({ commit }) => ({ commit, size: (await this.between(commit)).length })),
    );
    return counted.toSorted((a, b) => a.size - b.size)[0]?.commit ?? null;
  }

  async measure(commit: string): Promise<Step> {
    const { options } = this;
    const candidates = this.candidates.length;
    const title = await describeCommit(options.repository, commit);
    const step: Step = { commit, title, candidates, ...(await options.measure(commit)) };
    this.steps.push(step);
    if (step.kind === 'leak') this.bad = commit;
    if (step.kind === 'bounded') this.goods.push(commit);
    options.onStep?.(step);
    return step;
  }

  async end(): Promise<Bisected> {
    const { steps, candidates } = this;
    if (candidates.length > 1) return { steps, found: null, candidates };
    const parentCommit = await this.parentOf(this.bad);
    const parent = this.stepOf(parentCommit) ?? (await this.measure(parentCommit));
    const first = this.stepOf(this.bad);
    if (!first) throw new Error('the first commit that leaks was measured');
    if (parent.kind === 'leak')
      throw new Problem(
        'LEAK_LAB_VERSION',
        `the good end, ${parent.title}, leaks as well: ${parent.reason} Pass an older commit as --good`,
      );
    return { steps, found: { first, parent }, candidates };
  }

  /** The parent that was measured; of a merge, any of them; else the first. */
  private async parentOf(commit: string): Promise<string> {
    const line = await git(this.options.repository, 'rev-list', '--parents', '-n', '1', commit);
    const [, ...parents] = line.split(' ');
    return parents.find((parent) => this.isMeasured(parent)) ?? parents[0] ?? this.good;
  }

  private stepOf(commit: string): Step | undefined {
    return this.steps.find((step) => step.commit === commit);
  }

  private isMeasured(commit: string): boolean {
    return this.stepOf(commit) !== undefined;
  }

  /** Commits of which one may be the first that leaks, the best halves first (git's own measure). */
  private async byDistance(): Promise<{ commit: string; distance: number }[]> {
    const lines = await this.list('--bisect-all', this.bad);
    return lines.map((line) => ({
      commit: line.split(' ')[0] ?? '',
      distance: Number(/dist=(\d+)/.exec(line)?.[1] ?? 0),
    }));
  }

  private between(bad = this.bad): Promise<string[]> {
    return this.list(bad);
  }

  private async list(...args: string[]): Promise<string[]> {
    const excluded = this.goods.map((good) => `^${good}`);
    const text = await git(this.options.repository, 'rev-list', ...args, ...excluded);
    return text === '' ? [] : text.split('\n');
  }
}

function saidOf({ kind, reason }: Step): string {
  return kind === 'bounded' ? `does not leak: ${reason}` : `could not be measured: ${reason}`;
}

/** The files that a commit changed, as paths in the repository. */
export async function filesOf(repository: string, commit: string, parent: string): Promise<string[]> {
  const text = await git(repository, 'diff', '--name-only', parent, commit);
  return text === '' ? [] : text.split('\n');
}
