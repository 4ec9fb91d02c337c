import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { osMemory } from '../src/kit/process/os-memory.js';

const PROBE_MS = 5;
const NS_PER_MS = 1e6;

/** What others notice of a process while something is done in it. */
export interface Seen {
  /** The longest that it let a request wait. */
  pauseMs: number;
  /** What its main thread had of a processor meanwhile: on a machine that is busy, less than the pause. */
  cpuMs: number;
  /** The most resident memory, beside what there was. */
  addedBytes: number;
  tookMs: number;
}

/** Asks a process for something small, again and again, while `work` goes on. */
export async function seenFromOutside(pid: number, url: string, work: () => Promise<unknown>): Promise<Seen> {
  const agent = new http.Agent({ keepAlive: true });
  const end = new AbortController();
  const resident = async (): Promise<number> => (await osMemory(pid)).rssBytes;
  let pauseMs = 0;
  let mostBytes = 0;
  const probe = async (): Promise<void> => {
    for (; !end.signal.aborted; await sleep(PROBE_MS)) {
      const asked = performance.now();
      await get(url, agent);
      pauseMs = Math.max(pauseMs, performance.now() - asked);
    }
  };
  const weigh = async (): Promise<void> => {
    for (; !end.signal.aborted; await sleep(PROBE_MS)) mostBytes = Math.max(mostBytes, await resident());
  };
  const beforeBytes = await resident();
  const [beforeCpuMs, start] = [await cpuMs(pid), performance.now()];
  const watching = Promise.all([probe(), weigh()]);
  try {
    await work();
    const tookMs = performance.now() - start;
    const usedMs = (await cpuMs(pid)) - beforeCpuMs;
    end.abort();
    await watching;
    return { pauseMs, cpuMs: usedMs, addedBytes: mostBytes - beforeBytes, tookMs };
  } finally {
    end.abort();
    agent.destroy();
  }
}

function get(url: string, agent: http.Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    http.get(url, { agent }, (response) => response.resume().on('end', resolve)).on('error', reject);
  });
}

/** Of the main thread; not a number where the system does not tell. */
async function cpuMs(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').catch(() => '');
  return text === '' ? Number.NaN : Number(text.split(' ')[0]) / NS_PER_MS;
}
