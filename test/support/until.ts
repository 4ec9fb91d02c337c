import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/** Waits until the condition holds, for as long as the test may run. For states that no event announces. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(POLL_MS);
}
