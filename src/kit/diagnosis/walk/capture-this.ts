import type { InspectorSession } from '../../process/session.js';
import type { Script } from '../naming/scripts.js';
import type { Walk } from '../probe/open-probe.js';

/**
 * An arrow function keeps the `this` of where it was written, and no inspector shows that. But a breakpoint's
 * condition is evaluated where it stands: one that is never true notes what `this` is, and stops nobody.
 *
 * @param work during which the functions are called
 * @returns how many objects were found so; the next walk begins at them too
 */
export async function captureThis(
  session: InspectorSession,
  walk: Walk,
  scripts: Map<string, Script>,
  work: () => Promise<unknown>,
): Promise<number> {
  const arrows = await walk.arrows();
  if (arrows.length === 0) return 0;
  const door = await walk.openDoor();
  const breakpoints: string[] = [];
  await session.post('Debugger.enable', {});
  try {
    for (const { script, line, column } of arrows) {
      const file = JSON.stringify(scripts.get(script)?.url ?? '');
      const set = await session
        .post<{ breakpointId: string }>('Debugger.setBreakpoint', {
          location: { scriptId: script, lineNumber: line - 1, columnNumber: column - 1 },
          condition: `(globalThis[${JSON.stringify(door)}]?.(this, ${file}), false)`,
        })
        .catch(() => null); // a place that V8 cannot stop at
      if (set) breakpoints.push(set.breakpointId);
    }
    await work();
  } finally {
    for (const breakpointId of breakpoints) await session.post('Debugger.removeBreakpoint', { breakpointId });
    await session.post('Debugger.disable');
  }
  return walk.closeDoor();
}
