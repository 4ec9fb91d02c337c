import { setImmediate } from 'node:timers/promises';

/** Forces a full garbage collection. @throws Error without --expose-gc, which test/vitest.config.ts sets. */
export function collectGarbage(): void {
  if (!globalThis.gc) throw new Error('these tests need node --expose-gc');
  globalThis.gc();
}

/** The same after the current turn of the event loop: until then, a WeakRef that was read retains its target. */
export async function collectAfterTurn(): Promise<void> {
  await setImmediate();
  collectGarbage();
}
