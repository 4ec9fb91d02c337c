import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startService } from '../load/service.js';

const run = promisify(execFile);
const version = await run('ab', ['-V']).then(
  ({ stdout }) => stdout,
  () => null,
);
if (!version && process.env['CI']) throw new Error('CI has to have ab: it is in the package apache2-utils');

it.skipIf(!version)("the case's own ab works on the service (skipped where there is no ab)", async () => {
  const service = await startService(['leaky']);
  const { stdout } = await run('ab', ['-l', '-n', '10000', '-c', '100', `${service.url}/users/random`]);
  const { cache } = (await (await fetch(`${service.url}/memory`)).json()) as { cache: { entries: number } };
  await service.stop();
  expect(stdout).toMatch(/Complete requests: +10000\n/);
  expect(stdout).toMatch(/Failed requests: +0\n/);
  expect(stdout).not.toMatch(/Non-2xx/);
  expect(cache.entries).toBe(10_000);
});
