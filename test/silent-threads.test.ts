import { expect, it } from 'vitest';
import { partsOf, releaseParts } from '../src/kit/diagnosis/index.js';
import { attach } from '../src/kit/process/attach.js';
import { startTarget } from './support/targets.js';

it('the threads of a process are those that answer, and the names of those that do not', async () => {
  const { child, pid } = await startTarget('blocked-thread.cjs');
  const session = await attach(pid);
  const { parts, silent } = await partsOf(session, { pid, role: 'process', script: '', number: null });
  expect(parts.map(({ member }) => member.number)).toEqual([null, 3]);
  expect(new Set(silent.map(({ member }) => member.number))).toEqual(new Set([1, 2]));
  for (const { message } of silent)
    expect(message).toMatch(/^the event loop of worker thread [12] is blocked/);
  await releaseParts(parts);
  await session.close();
  child.kill('SIGKILL');
});
