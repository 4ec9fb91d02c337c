import { setTimeout as sleep } from 'node:timers/promises';
import { isNodeFile, isPackageFile } from '../../heap/index.js';
import { WATCHDOG_SCRIPT } from '../../process/inspector-watchdog.js';
import type { InspectorSession } from '../../process/session.js';
import type { Script } from '../../process/scripts.js';
import type { GrownContainer } from './inside/container-growth.js';
import type { WalkFacts } from './inside/compare.js';
import type { Recount } from './inside/recount.js';
import type { CodePosition } from './inside/walk-result.js';
import type { ForeignScripts, InsideProbe } from './inside/entry.js';
import { probeSource } from './source.js';

/** What the probe needs of its target. */
export interface ProbedTarget {
  session: InspectorSession;
  scripts(): Promise<Map<string, Script>>;
}

/** The probe inside a target. */
export interface Probe {
  /** Finds roots that have names; the next walks begin there. @returns how many modules of Nest were found */
  scout(): Promise<WalkCost & { nestModules: number }>;
  first(): Promise<WalkCost>;
  /**
   * May be asked again: what grew since the first walk, then.
   *
   * @returns the largest growth first; `now` is the target's clock, in milliseconds since 1970; `timersMs` are the
   * periods of the program's timers
   */
  second(): Promise<WalkCost & { grown: GrownContainer[]; now: number; timersMs: number[] }>;
  /** The target's scripts by V8's id, as they were listed last. */
  scripts(): ReadonlyMap<string, Script>;
  /** Lists the scripts again. V8 collects before it lists them. */
  listScripts(): Promise<void>;
  /** Arrow functions that use their lexical `this`, as far as a walk has met them. */
  arrows(): Promise<CodePosition[]>;
  /** Adds a global function that conditions of breakpoints call with an object: the next walk begins there. @returns its name */
  beginCapture(): Promise<string>;
  /** Removes the global function. @returns how many objects it was called with */
  endCapture(): Promise<number>;
  /** Counts the entries of a container again. */
  recount(grown: GrownContainer): Promise<Recount>;
  /** Removes all entries of a container. @returns how many there were */
  clear(grown: GrownContainer): Promise<number>;
  /** Removes the probe from the target. */
  release(): Promise<void>;
}

export interface WalkCost extends WalkFacts {
  /** The longest time that the target did nothing else, by its own clock. */
  longestSliceMs: number;
  durationMs: number;
}

/** The longest that the target is stopped at a time. */
const SLICE_MS = 4;
/** Between two slices the target works, so that it has at least half of the time. */
const PAUSE_MS = 4;
/** Three walks of this length are the minute that a person waits. A longer one goes on with what it has. */
const LONGEST_WALK_MS = 20_000;
/** How many grown containers are described. */
const MOST_GROWN = 24;
const GROUP = 'leak-lab';

/**
 * Evaluates the probe in a target. Until it is released, the target has one object more, which only the inspector
 * retains; afterwards nothing is left.
 *
 * @param maxPauseMs a slice that takes longer ends the walk
 * @param signal ends a walk
 * @throws Error when the target refuses to evaluate the probe
 */
export async function openProbe(
  target: ProbedTarget,
  maxPauseMs = Infinity,
  signal?: AbortSignal,
): Promise<Probe> {
  const { result, exceptionDetails } = await target.session.post('Runtime.evaluate', {
    expression: await probeSource(),
    includeCommandLineAPI: true, // gives `require`, also in a program of ES modules
    objectGroup: GROUP,
    silent: true,
  });
  const { objectId } = result;
  if (objectId === undefined || exceptionDetails) {
    throw new Error(`it did not start: ${exceptionDetails?.exception?.description ?? 'no reason given'}`);
  }
  return new RemoteProbe(target, objectId, maxPauseMs, signal);
}

/** The probe at the other end of a session. Each call evaluates one method of it. */
class RemoteProbe implements Probe {
  private listed = new Map<string, Script>();
  /** Listed once for all walks: scripts that are loaded later are taken for the program's own. */
  private foreign: ForeignScripts | null = null;

  constructor(
    private readonly target: ProbedTarget,
    private readonly objectId: string,
    private readonly maxPauseMs: number,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async scout(): ReturnType<Probe['scout']> {
    const { startMs, longestSliceMs } = await this.walk();
    const { facts, nestModules } = await this.ask('endScout');
    return { ...facts, nestModules, longestSliceMs, durationMs: performance.now() - startMs };
  }

  async first(): ReturnType<Probe['first']> {
    const { startMs, longestSliceMs } = await this.walk();
    const facts = await this.ask('endFirstWalk');
    return { ...facts, longestSliceMs, durationMs: performance.now() - startMs };
  }

  async second(): ReturnType<Probe['second']> {
    const { startMs, longestSliceMs: walkedMs } = await this.walk();
    await this.ask('beginReport', MOST_GROWN);
    const longestSliceMs = Math.max(walkedMs, await this.finish());
    const { grown, facts, now, timersMs } = await this.ask('report');
    return { ...facts, grown, now, timersMs, longestSliceMs, durationMs: performance.now() - startMs };
  }

  scripts(): ReadonlyMap<string, Script> {
    return this.listed;
  }

  async listScripts(): Promise<void> {
    this.listed = await this.target.scripts();
  }

  arrows(): ReturnType<Probe['arrows']> {
    return this.ask('arrows');
  }

  beginCapture(): Promise<string> {
    return this.ask('beginCapture');
  }

  endCapture(): Promise<number> {
    return this.ask('endCapture');
  }

  recount({ index }: GrownContainer): Promise<Recount> {
    return this.ask('recount', index);
  }

  clear({ index }: GrownContainer): Promise<number> {
    return this.ask('clear', index);
  }

  async release(): Promise<void> {
    await this.ask('close').catch(() => {});
    await this.target.session.post('Runtime.releaseObjectGroup', { objectGroup: GROUP }).catch(() => {});
  }

  private async walk(): Promise<{ startMs: number; longestSliceMs: number }> {
    const startMs = performance.now();
    if (this.foreign === null) {
      await this.listScripts();
      this.foreign = foreignIn(this.listed);
    }
    await this.ask('begin', this.foreign);
    return { startMs, longestSliceMs: await this.finish(true) };
  }

  /** Lets the probe work in slices until it is done. @returns the longest slice, in milliseconds */
  private async finish(endsEarly = false): Promise<number> {
    let longest = 0;
    const startMs = performance.now();
    for (let done = false; !done;) {
      this.signal?.throwIfAborted();
      const slice = await this.ask('step', Math.min(SLICE_MS, this.maxPauseMs / 2));
      longest = Math.max(longest, slice.ms);
      if (longest > this.maxPauseMs) {
        throw new Error(
          `a slice took ${Math.ceil(longest)} ms, and --max-pause-ms allows ${this.maxPauseMs} ms`,
        );
      }
      done = slice.done;
      if (!done && endsEarly && performance.now() - startMs > LONGEST_WALK_MS) await this.ask('endEarly');
      await sleep(PAUSE_MS);
    }
    return longest;
  }

  private async ask<Method extends keyof InsideProbe>(
    method: Method,
    ...args: Parameters<InsideProbe[Method]>
  ): Promise<ReturnType<InsideProbe[Method]>> {
    const answer = await this.target.session.post('Runtime.callFunctionOn', {
      objectId: this.objectId,
      functionDeclaration: 'function (method, ...args) { return this[method](...args); }',
      arguments: [{ value: method }, ...args.map((value: unknown) => ({ value }))],
      returnByValue: true,
      silent: true,
    });
    const failure = answer.exceptionDetails?.exception?.description;
    if (failure) throw new Error(failure);
    return answer.result.value as ReturnType<InsideProbe[Method]>;
  }
}

function foreignIn(scripts: ReadonlyMap<string, Script>): ForeignScripts {
  const all = [...scripts.values()];
  const idsOf = (is: (url: string) => boolean): string[] =>
    all.filter(({ url }) => is(url)).map(({ id }) => id);
  const internal = idsOf((url) => isNodeFile(url) || url === WATCHDOG_SCRIPT);
  return { internal, packages: idsOf(isPackageFile) };
}
