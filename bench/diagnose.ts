import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sampleAllocations } from '../src/kit/diagnosis/walk/allocation-profile.js';
import { recordCalls } from '../src/kit/diagnosis/outside/record-calls.js';
import { scriptsOf } from '../src/kit/process/scripts.js';
import { openProbe } from '../src/kit/diagnosis/probe/index.js';
import { attach } from '../src/kit/process/attach.js';
import { sampleAfterCollection } from '../src/kit/process/remote-sample.js';
import type { InspectorSession } from '../src/kit/process/session.js';
import { costOfWork, get } from './outside.js';
import type { Figures, Outcome } from './outcome.js';

const SIZES = [10_000, 100_000, 1_000_000];
const NEW_USERS = 2_000;

/** The cost of each step of a diagnosis for a service with so many users: longest pause and memory, from outside. */
export async function diagnoseBench(): Promise<Outcome> {
  const figures: Figures = {};
  let passed = true;
  console.log('Cost of a diagnosis for its target');
  console.log('    users  step          longest pause ms  memory added MB  takes ms');
  for (const users of SIZES) {
    const outcome = await costs(users);
    Object.assign(figures, outcome.figures);
    passed &&= outcome.passed;
  }
  return { figures, passed };
}

/** Passes when the walk finds the leaking container with the right number of new entries. */
async function costs(users: number): Promise<Outcome> {
  const target = fileURLToPath(new URL('diagnose-target.js', import.meta.url));
  const child = spawn(process.execPath, ['--inspect-port=0', target, String(users)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const pid = child.pid!; // set, because node itself is there
  const url = `http://127.0.0.1:${Number(String((await once(child.stdout, 'data'))[0]))}/`;
  const agent = new http.Agent({ keepAlive: true });
  const figures: Figures = {};
  const measured = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
    const { pauseMs, addedBytes, tookMs, result } = await costOfWork(pid, `${url}probe`, work);
    const cells = [pauseMs.toFixed(0).padStart(16), (addedBytes / 1e6).toFixed(1).padStart(15)];
    console.log(
      `${users.toLocaleString('en').padStart(9)}  ${step.padEnd(12)}  ${cells.join('  ')}  ${tookMs.toFixed(0).padStart(8)}`,
    );
    figures[`${step} of ${users} users: pause ms`] = pauseMs;
    figures[`${step} of ${users} users: memory added, bytes`] = addedBytes;
    return result;
  };
  try {
    await measured('nothing', () => sleep(1_000));
    const session = await measured('attach', () => attach(pid));
    await measured('collection', () => sampleAfterCollection(session, pid));
    const scripts = await measured('scripts', () => scriptsOf(session));
    const probe = await openProbe({ session, scripts: async () => scripts });
    await measured('scouting', () => probe.scout());
    await measured('first walk', () => probe.first());
    const endSampling = await sampleAllocations(session, 256 * NEW_USERS);
    await measured('allocations', async () => {
      for (let at = 0; at < NEW_USERS; at += 1) await get(url, agent);
    });
    await endSampling();
    const { grown } = await measured('second walk', () => probe.second());
    await probe.release();
    for (const [step, isNativeToo] of [
      ['makers', false],
      ['V8 makers', true],
    ] as const) {
      const ended = await measured(step, () => watching(session, isNativeToo));
      await ended();
    }
    await session.close();
    const [first] = grown;
    return { figures, passed: first?.route.at(-1)?.edge.name === 'users' && first.gained === NEW_USERS };
  } finally {
    agent.destroy();
    child.kill('SIGKILL');
  }
}

/** Ready when all makers are watched: at the end, memory is collected. */
function watching(session: InspectorSession, isNativeToo: boolean): Promise<() => Promise<unknown>> {
  return new Promise((ready) => {
    const recorded: Promise<unknown> = recordCalls(
      session,
      async () => {
        ready(() => recorded);
        return 1;
      },
      { makes: null, isNativeToo },
    );
  });
}
