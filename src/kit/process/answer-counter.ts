import type diagnosticsChannel from 'node:diagnostics_channel';
import type perfHooks from 'node:perf_hooks';
import type { InspectorSession } from './session.js';

/** What one thread has done since it is counted. */
export interface Done {
  /** Requests that servers of `node:http`, `https` and `http2` in it have answered. */
  answered: number;
  /** How long its event loop was busy. */
  busyMs: number;
}

export const NOTHING: Done = { answered: 0, busyMs: 0 };

/** Counts inside a thread of the target what it answers. */
export interface AnswerCounter {
  read(): Promise<Done>;
  /** Removes the counter from the target. */
  stop(): Promise<void>;
}

/** Without a reading for so long, the counter removes itself: whoever read it is gone. */
const FORGOTTEN_AFTER_MS = 15 * 60_000;
const GROUP = 'leak-lab-counter';

interface Inside {
  read(): Done;
  stop(): void;
}

/**
 * Evaluated in the target. Node publishes each answer, also while nobody subscribes to it; a subscriber that adds one
 * costs a request less than a microsecond (measured: below 0.2 µs on Node 20). Before Node 22, streams of HTTP/2 are only seen by a performance observer,
 * which counts those of clients too.
 */
function count(channels: typeof diagnosticsChannel, hooks: typeof perfHooks, forgottenMs: number): Inside {
  let answered = 0;
  let readAt = Date.now();
  const names = ['http.server.response.finish', 'http2.server.stream.finish'];
  const add = (): void => {
    answered += 1;
    // Not by a timer: a thread that does nothing needs no clearing up.
    if (answered % 4096 === 0 && Date.now() - readAt > forgottenMs) stop();
  };
  const observer = new hooks.PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) if (name === 'Http2Stream') add();
  });
  const stop = (): void => {
    for (const name of names) channels.unsubscribe(name, add);
    observer.disconnect();
  };
  for (const name of names) channels.subscribe(name, add);
  if (Number.parseInt(process.versions.node, 10) < 22) observer.observe({ entryTypes: ['http2'] });
  const begun = hooks.performance.eventLoopUtilization();
  return {
    read: () => {
      readAt = Date.now();
      return { answered, busyMs: hooks.performance.eventLoopUtilization(begun).active };
    },
    stop,
  };
}

/** The inspector provides `require` even in a program of ES modules. */
function moduleOf(name: string): string {
  return `(process.getBuiltinModule?.('${name}') ?? require('${name}'))`;
}

/**
 * Begins to count in the thread at the other end of a session.
 *
 * @returns null where it cannot be counted
 */
export async function countAnswers(session: InspectorSession): Promise<AnswerCounter | null> {
  const { result } = await session.post('Runtime.evaluate', {
    expression: `(${count.toString()})(${moduleOf('diagnostics_channel')}, ${moduleOf('perf_hooks')}, ${FORGOTTEN_AFTER_MS})`,
    includeCommandLineAPI: true,
    objectGroup: GROUP,
    silent: true,
  });
  const { objectId } = result;
  if (objectId === undefined || result.subtype === 'error') return null;
  return {
    read: async () => {
      const answer = await session.post('Runtime.callFunctionOn', {
        objectId,
        functionDeclaration: 'function () { return this.read(); }',
        returnByValue: true,
      });
      return answer.result.value as Done;
    },
    stop: async () => {
      await session.post('Runtime.callFunctionOn', {
        objectId,
        functionDeclaration: 'function () { this.stop(); }',
      });
      await session.post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
    },
  };
}
