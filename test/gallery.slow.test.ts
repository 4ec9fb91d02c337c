import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { GalleryRow } from '../src/cli/gallery-table.js';

it('a pair of the heap and one of external memory: leaky breaks the bound that fixed keeps, and shows where it should', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-gallery-'));
  const json = join(folder, 'gallery.json');
  const asked = ['dist/src/cli/main.js', 'gallery', 'timers', 'buffer-pool', '--json', json];
  // On a busy machine a fixed half may stay unsettled, which is exit code 2: its interval says enough.
  const code = await promisify(execFile)(process.execPath, asked).then(
    () => 0,
    (error: { code: number }) => error.code,
  );
  expect([0, 2]).toContain(code);
  const rows = JSON.parse(await readFile(json, 'utf8')) as GalleryRow[];
  await rm(folder, { recursive: true });
  expect(rows.map(({ pattern, leaky }) => [pattern, leaky.kind])).toEqual([
    ['timers', 'leak'],
    ['buffer-pool', 'leak'],
  ]);
  for (const { leaky, fixed } of rows) {
    expect(fixed.kind).not.toBe('leak');
    expect(fixed.bytesPerRequest!.high).toBeLessThan(200);
    expect(leaky.bytesPerRequest!.low).toBeGreaterThan(200);
  }
  expect(rows[0]!.showsIn).toContain('heap');
  expect(rows[1]!.showsIn).toContain('external');
});
