import type { ChildProcess } from 'node:child_process';
import { afterEach, expect, it, vi } from 'vitest';
import { diagnoseCommand } from './support/diagnose-command.js';
import { startTarget } from './support/targets.js';

let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill('SIGKILL');
  vi.unstubAllEnvs();
});

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

/** Little room above the data, so that V8 collects often. */
async function diagnoseLarge(): Promise<{ code: number; out: string; err: string }> {
  const target = await startTarget('large-heap.cjs', ['--inspect-port=0', '--max-old-space-size=400']);
  child = target.child;
  const args = ['--pid', String(target.pid), '--url', `${target.origin}/`, '--max-pause-ms', '50'];
  return diagnoseCommand(args);
}

it('a healthy service whose heap is too large to force collections is not called a leak', async () => {
  const { code, out, err } = await diagnoseLarge();
  expect(err).toBe('');
  expect(oneLine(out)).toMatch(/^(BOUNDED|UNSETTLED)/);
  expect(oneLine(out)).toMatch(/--max-pause-ms allows 50 ms.*each reading is what one of V8’s own full/);
  expect([0, 2]).toContain(code);
});

it('a leak in such a service is never called bounded', async () => {
  vi.stubEnv('KEEP', '1');
  const { code, out } = await diagnoseLarge();
  expect(oneLine(out)).toMatch(/^(LEAK|UNSETTLED)/);
  expect([1, 2]).toContain(code);
});
