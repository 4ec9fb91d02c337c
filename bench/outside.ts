import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { osMemory } from '../src/kit/process/os-memory.js';

const PROBE_MS = 5;
const NS_PER_MS = 1e6;

/** The cost of work in a process, measured from outside. */
export interface Cost {
  /** The longest time that a request waited. */
  pauseMs: number;
  /** CPU time of its main thread: on a busy machine, less than the pause. */
  cpuMs: number;
  /** The largest increase of the resident set. */
  addedBytes: number;
  tookMs: number;
}

/** Sends small requests to a process while `work` runs in it, and samples its memory. */
export async function costOfWork<T>(
  pid: number,
  url: string,
  work: () => Promise<T>,
): Promise<Cost & { result: T }> {
  const agent = new http.Agent({ keepAlive: true });
  const end = new AbortController();
  const resident = async (): Promise<number> => (await osMemory(pid)).rssBytes;
  let pauseMs = 0;
  let mostBytes = 0;
  const probe = async (): Promise<void> => {
    for (; !end.signal.aborted; await sleep(PROBE_MS)) {
      const sentAt = performance.now();
      await get(url, agent);
      pauseMs = Math.max(pauseMs, performance.now() - sentAt);
    }
  };
  const sampleMemory = async (): Promise<void> => {
    for (; !end.signal.aborted; await sleep(PROBE_MS)) mostBytes = Math.max(mostBytes, await resident());
  };
  const beforeBytes = await resident();
  const [beforeCpuMs, start] = [await cpuMs(pid), performance.now()];
  const measuring = Promise.all([probe(), sampleMemory()]);
  try {
    const result = await work();
    const tookMs = performance.now() - start;
    const usedMs = (await cpuMs(pid)) - beforeCpuMs;
    end.abort();
    await measuring;
    return { pauseMs, cpuMs: usedMs, addedBytes: mostBytes - beforeBytes, tookMs, result };
  } finally {
    end.abort();
    agent.destroy();
  }
}

export function get(url: string, agent: http.Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    http.get(url, { agent }, (response) => response.resume().on('end', resolve)).on('error', reject);
  });
}

/** CPU time of the main thread; NaN on systems without /proc. */
async function cpuMs(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').catch(() => '');
  return text === '' ? Number.NaN : Number(text.split(' ')[0]) / NS_PER_MS;
}
