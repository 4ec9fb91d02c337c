import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService } from '../load/service.js';
import { type Diagnosis, diagnoseFiles } from '../src/kit/diagnosis/index.js';
import { attach } from '../src/kit/process/attach.js';

/** More than the fixed cache keeps, before the first snapshot: between the two it is full. */
const BEFORE = 600;
const BETWEEN = 3000;
const MAX_ENTRIES = 200;

/** Two snapshots of the service in one mode, with requests for new users between them, and what they tell. */
async function diagnosisOf(mode: 'leaky' | 'fixed', directory: string): Promise<Diagnosis> {
  const service = await startService([mode, '--max-entries', String(MAX_ENTRIES)], ['--inspect-port=0']);
  const ask = async (requests: number): Promise<void> => {
    for (let sent = 0; sent < requests; sent += 50) {
      const answers = Array.from({ length: 50 }, () => fetch(`${service.url}/users/random`));
      await Promise.all(answers.map(async (answer) => (await answer).text()));
    }
  };
  try {
    const session = await attach(service.pid);
    const files = [1, 2].map((at) => join(directory, `${mode}.${at}.heapsnapshot`));
    for (const [at, file] of files.entries()) {
      await ask(at === 0 ? BEFORE : BETWEEN);
      const expression = `process.getBuiltinModule('node:v8').writeHeapSnapshot(${JSON.stringify(file)})`;
      await session.post('Runtime.evaluate', { expression });
    }
    await session.close();
    return await diagnoseFiles(files);
  } finally {
    await service.stop();
  }
}

describe('two snapshots of our service', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'leak-lab-service-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('name the leaky cache, and of the fixed one nobody', async () => {
    const leaky = await diagnosisOf('leaky', directory);
    expect(leaky.suspects[0]).toMatchObject({
      kind: 'container',
      owner: 'LeakyUserCache',
      type: 'Map',
      entries: BEFORE + BETWEEN,
      path: ['AppModule', 'UsersModule', 'LeakyUserCache', '.users (Map)'],
      advice: expect.stringMatching(/^Its keys are hexadecimal ids/) as string,
    });
    expect(leaky.suspects[0]!.growthShare).toBeGreaterThan(0.5);
    const fixed = await diagnosisOf('fixed', directory);
    expect(fixed.suspects.filter(({ name }) => name.includes('UserCache'))).toEqual([]);
  });
});
