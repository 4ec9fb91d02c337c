import { setTimeout as sleep } from 'node:timers/promises';
import type { InspectorSession } from '../../process/session.js';
import type { Gain } from './inside/container-growth.js';
import type { Recount, SurveyFacts } from './inside/compare.js';
import type { CodePosition } from './inside/types.js';
import { type ForeignScripts, program } from './source.js';
import { isOfPackage, type Script } from '../naming/scripts.js';

/** A walk through the patient, taken twice: what each container gained in between, and how it is reached. */
export interface Walk {
  /** Finds where names begin; without it, a walk begins at what can be asked for. @returns how many modules of Nest. */
  scout(): Promise<WalkCost & { nestModules: number }>;
  first(): Promise<WalkCost>;
  second(): Promise<WalkCost & { gains: Gain[]; now: number }>;
  /** Arrow functions that use the `this` of where they were written, as far as a walk has met them. */
  arrows(): Promise<CodePosition[]>;
  /** Lets conditions of breakpoints hand in objects at which the next walk begins, under the name given here. */
  openDoor(): Promise<string>;
  /** @returns how many were handed in. */
  closeDoor(): Promise<number>;
  /** What the container of a gain has in it now. */
  recount(gain: Gain): Promise<Recount>;
  /** Empties the container of a gain. @returns how many entries it had. */
  clear(gain: Gain): Promise<number>;
  release(): Promise<void>;
}

export interface WalkCost extends SurveyFacts {
  /** The longest time that the patient did nothing else, by its own clock. */
  longestSliceMs: number;
  durationMs: number;
}

/** Everybody who waits for the patient waits for a slice at most. */
const SLICE_MS = 4;
/** In between, the patient works: half of the time at least is its own. */
const PAUSE_MS = 4;
const GAINS = 24;
const GROUP = 'leak-lab';

/**
 * Carries the walk into the patient. Nothing of it stays there once it is released.
 *
 * @param scripts those that the patient has loaded by now
 * @param maxPauseMs a step that took longer is the last one
 */
export async function openWalk(
  session: InspectorSession,
  scripts: () => Promise<Map<string, Script>>,
  maxPauseMs = Number.POSITIVE_INFINITY,
): Promise<Walk> {
  const { result, exceptionDetails } = await session.post<{
    result: { objectId?: string };
    exceptionDetails?: { exception?: { description?: string } };
  }>('Runtime.evaluate', {
    expression: program(),
    includeCommandLineAPI: true, // gives `require`, also in a program of ES modules
    objectGroup: GROUP,
    silent: true,
  });
  if (!result.objectId || exceptionDetails) {
    throw new Error(
      `the walk did not start: ${exceptionDetails?.exception?.description ?? 'no reason given'}`,
    );
  }
  const ask = async <Answer>(expression: string, value?: unknown): Promise<Answer> => {
    const answer = await session.post<{
      result: { value: Answer };
      exceptionDetails?: { exception?: { description?: string } };
    }>('Runtime.callFunctionOn', {
      objectId: result.objectId,
      functionDeclaration: `function (value) { return ${expression}; }`,
      arguments: [{ value }],
      returnByValue: true,
      silent: true,
    });
    const failure = answer.exceptionDetails?.exception?.description;
    if (failure) throw new Error(`the walk failed: ${failure}`);
    return answer.result.value;
  };
  const steps = async (): Promise<number> => {
    let longest = 0;
    for (let done = false; !done;) {
      const slice = await ask<{ done: boolean; ms: number }>(
        '((start) => ({ done: this.step(value), ms: performance.now() - start }))(performance.now())',
        Math.min(SLICE_MS, maxPauseMs / 2),
      );
      longest = Math.max(longest, slice.ms);
      if (longest > maxPauseMs) {
        throw new Error(`a step took ${Math.ceil(longest)} ms, and --max-pause-ms allows ${maxPauseMs} ms.`);
      }
      done = slice.done;
      await sleep(PAUSE_MS);
    }
    return longest;
  };
  // V8 collects to list them, so they are listed once: what is loaded later is taken for the program's own.
  let known: ForeignScripts | null = null;
  return {
    async scout() {
      const start = performance.now();
      known ??= foreignIn(await scripts());
      await ask('this.begin(value)', known);
      const longestSliceMs = await steps();
      const { facts, nestModules } = await ask<{ facts: SurveyFacts; nestModules: number }>('this.settle()');
      return { ...facts, nestModules, longestSliceMs, durationMs: performance.now() - start };
    },
    async first() {
      const start = performance.now();
      known ??= foreignIn(await scripts());
      await ask('this.begin(value)', known);
      const longestSliceMs = await steps();
      const facts = await ask<SurveyFacts>('this.remember()');
      return { ...facts, longestSliceMs, durationMs: performance.now() - start };
    },
    async second() {
      const start = performance.now();
      known ??= foreignIn(await scripts());
      await ask('this.begin(value)', known);
      let longestSliceMs = await steps();
      await ask('this.compare(value)', GAINS);
      longestSliceMs = Math.max(longestSliceMs, await steps());
      const { gains, facts, now } = await ask<{ gains: Gain[]; facts: SurveyFacts; now: number }>(
        'this.result()',
      );
      return { ...facts, gains, now, longestSliceMs, durationMs: performance.now() - start };
    },
    arrows: () => ask('this.arrows()'),
    openDoor: () => ask('this.openDoor()'),
    closeDoor: () => ask('this.closeDoor()'),
    recount: (gain) => ask('this.recount(value)', gain.index),
    clear: (gain) => ask('this.clear(value)', gain.index),
    async release() {
      await ask('this.close()').catch(() => {});
      await session.post('Runtime.releaseObjectGroup', { objectGroup: GROUP }).catch(() => {});
    },
  };
}

function foreignIn(scripts: Map<string, Script>): ForeignScripts {
  const all = [...scripts.values()];
  const idsOf = (is: (script: Script) => boolean): string[] => all.filter(is).map(({ id }) => id);
  return {
    internal: idsOf(({ url }) => url.startsWith('node:')),
    packages: idsOf(({ url }) => isOfPackage(url)),
  };
}
