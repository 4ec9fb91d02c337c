import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startService } from '../load/service.js';
import { requirement } from './support/platform.js';
import { program } from './support/programs.js';

const run = promisify(execFile);
const ab = program('ab') ?? '';
const needed = requirement(ab !== '', 'ab is not installed');

it.skipIf(!needed.isMet)(
  `ab completes 10,000 requests to the service without a failure${needed.note}`,
  async () => {
    const service = await startService(['leaky']);
    const { stdout } = await run(ab, ['-l', '-n', '10000', '-c', '100', `${service.url}/users/random`]);
    const { cache } = (await (await fetch(`${service.url}/memory`)).json()) as { cache: { entries: number } };
    await service.stop();
    expect(stdout).toMatch(/Complete requests: +10000\n/);
    expect(stdout).toMatch(/Failed requests: +0\n/);
    expect(stdout).not.toMatch(/Non-2xx/);
    expect(cache.entries).toBe(10_000);
  },
);
