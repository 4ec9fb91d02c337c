import { type Diagnosis, diagnose, type Doubt, reasonText, type Suspect } from '../kit/diagnosis/index.js';
import { RoundSize } from '../kit/compare/index.js';
import { Problem } from '../kit/problem.js';
import {
  type BuildOptions,
  type Measured,
  openVersion,
  type OpenOptions,
  type OpenVersion,
  type Worktrees,
} from '../versions/index.js';

export interface MeasurerOptions extends OpenOptions, Omit<BuildOptions, 'onProgress'> {
  start: string;
  urls: string[];
  onProgress: (text: string, share: number) => void;
}

/**
 * How long a leak is doubted at a step. The bad end is doubted as long as in any diagnosis; a step only has to tell
 * which side of the change it is on.
 */
const STEP_DOUBT: Doubt = { atLeastMs: 5_000, restMs: 3_000, agesMs: 0 };
/** Characters of a commit that name its copy and its messages. */
const SHORT = 10;

/** Checks out, builds, starts and measures commits, one after the other. Only the first one's suspects are named. */
export class CommitMeasurer {
  suspects: Suspect[] = [];
  private isFirst = true;

  constructor(
    private readonly worktrees: Worktrees,
    private readonly options: MeasurerOptions,
  ) {}

  /** What cannot be built, does not start or is not settled is skipped. */
  async measure(commit: string): Promise<Measured> {
    const { signal } = this.options;
    const name = commit.slice(0, SHORT);
    try {
      const diagnosis = await this.diagnosed(name, commit);
      return measuredOf(diagnosis);
    } catch (error) {
      if (signal.aborted || !(error instanceof Problem)) throw error;
      return { kind: 'skipped', growthRate: null, reason: error.message };
    } finally {
      await this.worktrees.drop(name);
    }
  }

  private async diagnosed(name: string, commit: string): Promise<Diagnosis> {
    const { options } = this;
    const onProgress = (text: string, share: number): void => options.onProgress(`${name}: ${text}`, share);
    const folder = await this.worktrees.add(name, commit, {
      ...options,
      onProgress: (text) => onProgress(text, 0),
    });
    const opened = await openVersion({ name, command: options.start, folder }, options);
    try {
      const isFirst = this.isFirst;
      this.isFirst = false;
      const diagnosis = await diagnose(opened.version.target, workOf(opened), {
        urls: options.urls,
        snapshot: isFirst,
        collect: true,
        force: false,
        maxPauseMs: undefined,
        doubt: isFirst ? undefined : STEP_DOUBT,
        signal: options.signal,
        onProgress,
      });
      if (isFirst) this.suspects = diagnosis.suspects;
      return diagnosis;
    } finally {
      await opened.close();
    }
  }
}

function workOf({ version }: OpenVersion) {
  const size = new RoundSize();
  let sent = 0;
  return {
    unit: 'request' as const,
    round: async (): Promise<number> => {
      const count = size.next();
      const start = performance.now();
      const exchanges = await version.send(sent, count);
      sent += count;
      const failed = exchanges.filter(({ answer }) => answer === null || answer.status >= 500).length;
      if (failed > count / 2)
        throw new Problem(
          'LEAK_LAB_BAD_ANSWER',
          `${failed} of ${count} requests failed after ${sent} requests`,
        );
      size.observe([{ exchanges, durationMs: performance.now() - start }]);
      return count;
    },
  };
}

function measuredOf({ verdict }: Diagnosis): Measured {
  if (verdict === null) throw new Error('a running process has a verdict');
  const { kind, growthRate } = verdict;
  const reason = reasonText(verdict);
  return { kind: kind === 'unsettled' ? 'skipped' : kind, growthRate, reason };
}
