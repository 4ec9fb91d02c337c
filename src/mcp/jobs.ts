import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Running, ToolError } from './tool.js';

/** A client waits 60 seconds for an answer unless it was set otherwise. */
export const USUAL_BUDGET_S = 50;
/** Each runs a command, and most measure: more at once would disturb each other. */
const MOST_RUNNING = 4;
/** Answers that nobody has fetched yet. */
const MOST_WAITING = 20;

/** How a client says that it gave up waiting, and not that its user wants the work to stop. */
const TIMED_OUT = /timed?[ -]?out/i;

/** The call that waits for a job. */
export interface Waiting {
  signal: AbortSignal;
  progress: Running['progress'];
  budgetSeconds: number;
}

interface Job {
  handle: string;
  /** The tool with what it was given. */
  key: string;
  tool: string;
  startedMs: number;
  /** What it said last of itself. */
  doing: string;
  /** The newest call that waits for it. */
  listener: Running['progress'] | null;
  isRunning: boolean;
  /** Stops it as Ctrl-C would. */
  controller: AbortController;
  answer: Promise<string>;
}

/**
 * Work that may take longer than a client waits. It goes on when a call for it ends without an answer: another call gets
 * the answer by its handle, or by the same values.
 */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  #count = 0;

  /**
   * The answer of a tool, or a handle for it where that takes longer than the budget.
   *
   * @param work is not started where the same is running, or has an answer that nobody has fetched
   * @throws ToolError of the tool
   */
  async run(
    tool: string,
    given: object,
    work: (running: Pick<Running, 'signal' | 'progress'>) => Promise<string>,
    waiting: Waiting,
  ): Promise<string> {
    const sorted = Object.entries(given).toSorted(([a], [b]) => a.localeCompare(b));
    const key = `${tool} ${JSON.stringify(sorted)}`;
    const same = [...this.#jobs.values()].find((job) => job.key === key);
    return this.#waitFor(same ?? this.#start(tool, key, work), waiting);
  }

  /** The answer of work that is running, or has ended since. @throws ToolError also for a handle that is not known */
  async answerOf(handle: string, waiting: Waiting): Promise<string> {
    return this.#waitFor(this.#named(handle), waiting);
  }

  /** Ends work, and waits until nothing of it is left. */
  async stop(handle: string): Promise<string> {
    const { tool } = await this.#stopped(this.#named(handle));
    return `${handle} (${tool}) is stopped; nothing of it is left in the process`;
  }

  async stopAll(): Promise<void> {
    await Promise.all(Array.from(this.#jobs.values(), (job) => this.#stopped(job)));
  }

  async #stopped(job: Job): Promise<Job> {
    job.controller.abort();
    await job.answer.catch(() => {});
    this.#jobs.delete(job.handle);
    return job;
  }

  #named(handle: string): Job {
    const job = this.#jobs.get(handle);
    if (job) return job;
    const there = [...this.#jobs.values()].map((one) => `${one.handle} (${one.tool})`).join(', ');
    throw new ToolError(
      `there is no work with the handle ${JSON.stringify(handle)}${there ? `; there is ${there}` : ', nor any other: an answer is given once'}`,
    );
  }

  #start(
    tool: string,
    key: string,
    work: (running: Pick<Running, 'signal' | 'progress'>) => Promise<string>,
  ): Job {
    const running = [...this.#jobs.values()].filter(({ isRunning }) => isRunning);
    if (running.length >= MOST_RUNNING)
      throw new ToolError(
        `${running.map((one) => `${one.handle} (${one.tool})`).join(', ')} are running: wait for one with ask_again, or stop one`,
      );
    const controller = new AbortController();
    const job: Job = {
      handle: `w${++this.#count}`,
      key,
      tool,
      startedMs: performance.now(),
      doing: '',
      listener: null,
      isRunning: true,
      controller,
      answer: Promise.resolve(''),
    };
    const progress = (message: string): void => {
      job.doing = message;
      job.listener?.(message);
    };
    job.answer = work({ signal: controller.signal, progress }).finally(() => (job.isRunning = false));
    job.answer.catch(() => {}); // who waits for it is told
    this.#jobs.set(job.handle, job);
    this.#forgetOldest();
    return job;
  }

  #forgetOldest(): void {
    const waiting = [...this.#jobs.values()].filter(({ isRunning }) => !isRunning);
    for (const { handle } of waiting.slice(0, -MOST_WAITING)) this.#jobs.delete(handle);
  }

  async #waitFor(job: Job, { signal, progress, budgetSeconds }: Waiting): Promise<string> {
    job.listener = progress;
    const interruption = interruptionOf(signal, budgetSeconds);
    try {
      const first = await Promise.race([job.answer.then(() => 'ended' as const), interruption.kind]);
      if (first === 'late') return stillRunning(job);
      if (first === 'gone') return await this.#left(job, signal);
      this.#jobs.delete(job.handle);
      return await job.answer;
    } catch (error) {
      this.#jobs.delete(job.handle);
      throw error;
    } finally {
      interruption.end();
      if (job.listener === progress) job.listener = null;
    }
  }

  /** A client that only waited too long may ask again; one that cancels wants the work to end. */
  async #left(job: Job, { reason }: AbortSignal): Promise<string> {
    if (TIMED_OUT.test(String(reason))) return stillRunning(job);
    await this.#stopped(job);
    throw new ToolError('cancelled');
  }
}

/** What ends a call before its answer: its budget, or its client. `end` gives up the timer and the listener. */
function interruptionOf(signal: AbortSignal, seconds: number) {
  const over = new AbortController();
  const late = sleep(seconds * 1_000, 'late' as const, { signal: over.signal });
  const gone = signal.aborted
    ? Promise.resolve('gone' as const)
    : once(signal, 'abort', { signal: over.signal }).then(() => 'gone' as const);
  const kind = Promise.race([late, gone]);
  for (const one of [late, gone, kind]) one.catch(() => {}); // both are given up in the end
  return { kind, end: () => over.abort() };
}

function stillRunning({ handle, tool, doing, startedMs }: Job): string {
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  return `${tool} is still running, since ${seconds} s${doing ? ` (${doing})` : ''}. It goes on. Call ask_again with handle "${handle}" for its answer, or with stop to end it.`;
}
