import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sampleAllocations } from '../src/kit/diagnosis/walk/allocation-profile.js';
import { scriptsOf } from '../src/kit/process/scripts.js';
import { openProbe } from '../src/kit/diagnosis/probe/index.js';
import { attach } from '../src/kit/process/attach.js';
import { osMemory } from '../src/kit/process/os-memory.js';
import { sampleAfterCollection } from '../src/kit/process/remote-sample.js';

const SIZES = [10_000, 100_000, 1_000_000];
const PROBE_MS = 5;
const NEW_USERS = 2_000;

/** What each look costs a service that holds so many users: its longest silence, seen from outside, and its memory. */
export async function diagnoseBench(): Promise<boolean> {
  let isRight = true;
  console.log('What a diagnosis costs the process that is looked into');
  console.log('    users  look          longest pause ms  memory added MB  takes ms');
  for (const users of SIZES) isRight = (await costs(users)) && isRight;
  return isRight;
}

async function costs(users: number): Promise<boolean> {
  const target = fileURLToPath(new URL('diagnose-target.js', import.meta.url));
  const child = spawn(process.execPath, ['--inspect-port=0', target, String(users)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const pid = child.pid!;
  const url = `http://127.0.0.1:${Number(String((await once(child.stdout, 'data'))[0]))}/`;
  const agent = new http.Agent({ keepAlive: true });
  try {
    const ask = (path: string): Promise<void> =>
      new Promise((resolve, reject) => {
        http
          .get(url + path, { agent }, (response) => response.resume().on('end', resolve))
          .on('error', reject);
      });
    const measured = async <T>(look: string, what: () => Promise<T>): Promise<T> => {
      const before = (await osMemory(pid)).rssBytes;
      const start = performance.now();
      const end = new AbortController();
      let longestMs = 0;
      let mostBytes = before;
      const probe = async (): Promise<void> => {
        for (; !end.signal.aborted; await sleep(PROBE_MS)) {
          const asked = performance.now();
          await ask('probe');
          longestMs = Math.max(longestMs, performance.now() - asked);
          mostBytes = Math.max(mostBytes, (await osMemory(pid)).rssBytes);
        }
      };
      const probing = probe();
      const result = await what();
      const tookMs = performance.now() - start;
      end.abort();
      await probing;
      const cells = [longestMs.toFixed(0).padStart(16), ((mostBytes - before) / 1e6).toFixed(1).padStart(15)];
      console.log(
        `${users.toLocaleString('en').padStart(9)}  ${look.padEnd(12)}  ${cells.join('  ')}  ${tookMs.toFixed(0).padStart(8)}`,
      );
      return result;
    };
    await measured('nothing', () => sleep(1_000));
    const session = await measured('attach', () => attach(pid));
    await measured('collection', () => sampleAfterCollection(session, pid));
    const scripts = await measured('scripts', () => scriptsOf(session));
    const probe = await openProbe({ session, scripts: async () => scripts });
    await measured('scouting', () => probe.scout());
    await measured('first walk', () => probe.first());
    const endSampling = await sampleAllocations(session, 256 * NEW_USERS);
    await measured('allocations', async () => {
      for (let at = 0; at < NEW_USERS; at += 1) await ask('');
    });
    await endSampling();
    const { grown } = await measured('second walk', () => probe.second());
    await probe.release();
    await session.close();
    const [first] = grown;
    return first?.route.at(-1)?.edge.name === 'users' && first.gained === NEW_USERS;
  } finally {
    agent.destroy();
    child.kill('SIGKILL');
  }
}
