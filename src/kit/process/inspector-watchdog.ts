import type { InspectorSession } from './session.js';

/**
 * Fifteen ticks of the target without a beat, and the client counts as gone. Ticks, not time: a snapshot stops both the
 * beats and the ticks.
 */
const USUAL: Timing = { beatMs: 1_000, mostMissed: 15 };
const GROUP = 'leak-lab-watchdog';
/** The name of its script in the target: no code of the program. */
export const WATCHDOG_SCRIPT = 'leak-lab:watchdog';

interface Watchdog {
  beat(): void;
  stop(): void;
}

/**
 * Evaluated in the target. Ends the inspector when no beat comes any more. Its timer keeps nothing alive, and nothing
 * but the timer and the inspector's session refers to it. It refers to nothing of the program: a walk would take its
 * variables for owners.
 */
function watch(timers: typeof import('node:timers'), settings: Settings): Watchdog {
  let missed = 0;
  const timer = timers.setInterval(() => {
    missed += 1;
    if (missed < settings.mostMissed) return;
    timers.clearInterval(timer);
    const target = globalThis.process as (NodeJS.Process & { _debugEnd(): void }) | undefined;
    if (!target) return;
    target.debugPort = settings.port;
    target._debugEnd();
  }, settings.beatMs);
  timer.unref();
  return {
    beat: () => {
      missed = 0;
    },
    stop: () => timers.clearInterval(timer),
  };
}

/** How often the client shows that it is there, and how many times it may fail to. */
interface Timing {
  beatMs: number;
  mostMissed: number;
}

interface Settings extends Timing {
  /** Where the next SIGUSR1 opens the inspector. */
  port: number;
}

/**
 * Makes the target close its inspector by itself when this process is gone, however it ended.
 *
 * @param port where the next SIGUSR1 is to open the inspector: it may have been moved meanwhile
 * @returns ends the watch
 */
export async function watchInspector(
  session: InspectorSession,
  port: number,
  timing = USUAL,
): Promise<() => Promise<void>> {
  const settings: Settings = { ...timing, port };
  const { result } = await session.post('Runtime.evaluate', {
    expression: `(${watch.toString()})(process.getBuiltinModule?.('timers') ?? require('timers'), ${JSON.stringify(settings)})\n//# sourceURL=${WATCHDOG_SCRIPT}`,
    includeCommandLineAPI: true,
    objectGroup: GROUP,
  });
  const { objectId } = result;
  if (objectId === undefined) return async () => {};
  const call = async (functionDeclaration: string): Promise<void> => {
    // The target may have ended, or be stopped: whoever uses the session is told.
    await session.post('Runtime.callFunctionOn', { objectId, functionDeclaration }).catch(() => {});
  };
  const timer = setInterval(() => void call('function () { this.beat(); }'), timing.beatMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    return call('function () { this.stop(); }');
  };
}
