import { expect } from 'vitest';
import { attach } from '../../src/kit/process/attach.js';

/** Expects that a process is as if nobody had ever looked into it. */
export async function expectUntouched(pid: number): Promise<void> {
  const session = await attach(pid);
  const { result } = await session.post('Runtime.evaluate', {
    expression: `Object.getOwnPropertyNames(globalThis).filter((name) => name.includes('leak-lab'))`,
    returnByValue: true,
  });
  expect(result.value).toEqual([]);
  // A profiler that still ran would return a profile.
  await expect(session.post('HeapProfiler.getSamplingProfile')).rejects.toThrow(/not|start/i);
  await session.close();
}
