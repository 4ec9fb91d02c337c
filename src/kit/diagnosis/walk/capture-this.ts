import type { Debugger } from 'node:inspector';
import type { InspectorSession } from '../../process/session.js';
import type { CodePosition, Probe } from '../probe/index.js';

/**
 * An arrow function retains the lexical `this` of where it was written, and the inspector does not show it. A
 * breakpoint's condition is evaluated in place, so one that is never true can note what `this` is without a stop.
 *
 * @param work during which the functions are called
 * @returns how many objects were found; the next walk begins at them too
 */
export async function captureThis(
  session: InspectorSession,
  probe: Probe,
  work: () => Promise<unknown>,
): Promise<number> {
  const arrows = await probe.arrows();
  if (arrows.length === 0) return 0;
  const collector = await probe.beginCapture();
  const breakpoints: string[] = [];
  await session.post('Debugger.enable', {});
  try {
    for (const arrow of arrows) {
      const file = JSON.stringify(probe.scripts().get(arrow.script)?.url ?? '');
      const set = await session
        .post('Debugger.setBreakpoint', {
          location: await withinArrow(session, arrow),
          condition: `(globalThis[${JSON.stringify(collector)}]?.(this, ${file}), false)`,
        })
        .catch(() => null); // V8 cannot set a breakpoint there
      if (set) breakpoints.push(set.breakpointId);
    }
    await work();
  } finally {
    for (const breakpointId of breakpoints) await session.post('Debugger.removeBreakpoint', { breakpointId });
    await session.post('Debugger.disable');
  }
  return probe.endCapture();
}

/**
 * The first place in an arrow function. At its own position V8 stops where it is made: that of a field of a class, once for
 * each instance, and never again.
 */
async function withinArrow(
  session: InspectorSession,
  { script, line, column }: CodePosition,
): Promise<Debugger.Location> {
  const start = { scriptId: script, lineNumber: line - 1, columnNumber: column - 1 };
  const { locations } = await session.post('Debugger.getPossibleBreakpoints', {
    start,
    restrictToFunction: true,
  });
  return locations[0] ?? start;
}
