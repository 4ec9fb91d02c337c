import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startService } from '../load/service.js';
import { readGate } from './support/gate.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-gate-'));
  // In a project with the package, npx finds the command; here it runs the build.
  const npx = join(folder, 'npx');
  await writeFile(
    npx,
    `#!/bin/sh\nshift\nexec '${process.execPath}' '${resolve('dist/src/cli/main.js')}' "$@"\n`,
  );
  await chmod(npx, 0o755);
});
afterAll(() => rm(folder, { recursive: true }));

it.each([
  ['fixed', 0, 'bounded'],
  ['leaky', 1, 'leak'],
] as const)(
  'the gate workflow in the docs ends for a %s service with exit code %i',
  async (mode, code, kind) => {
    const { load } = await readGate();
    const service = await startService([mode, '--max-entries', '2000']);
    try {
      const env = {
        PATH: `${folder}:${process.env['PATH']}`,
        URL: `${service.url}/users/random`,
        PID: String(service.pid),
        REQUESTS: '20000',
      };
      const ended = await new Promise<number>((done) => {
        const gate = execFile('bash', ['-e', '-c', load], { cwd: folder, env });
        gate.once('exit', (status) => done(status ?? -1));
      });
      expect(ended).toBe(code);
      expect(JSON.parse(await readFile(join(folder, 'memory.json'), 'utf8')).verdict.kind).toBe(kind);
    } finally {
      await service.stop();
    }
  },
);
