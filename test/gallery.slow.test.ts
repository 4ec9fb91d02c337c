import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { GalleryRow } from '../src/cli/gallery-table.js';
import { schemaErrors } from './support/schema.js';

it('a pair of the heap and one of external memory: leaky breaks the bound that fixed keeps, and shows where it should', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-gallery-'));
  const json = join(folder, 'gallery.json');
  const asked = ['dist/src/cli/main.js', 'gallery', 'timers', 'buffer-pool', '--json', json];
  // Exit code 0, which is all halves settled and as they should be; else this throws, with what was printed.
  await promisify(execFile)(process.execPath, asked);
  const rows = JSON.parse(await readFile(json, 'utf8')) as GalleryRow[];
  expect(await schemaErrors('gallery', rows)).toEqual([]);
  await rm(folder, { recursive: true });
  expect(rows.map(({ pattern, leaky, fixed }) => [pattern, leaky.kind, fixed.kind])).toEqual([
    ['timers', 'leak', 'bounded'],
    ['buffer-pool', 'leak', 'bounded'],
  ]);
  for (const { leaky, fixed } of rows) {
    expect(fixed.growthRate!.high).toBeLessThan(50);
    expect(leaky.growthRate!.low).toBeGreaterThan(50);
  }
  expect(rows[0]!.showsIn).toContain('heap');
  expect(rows[1]!.showsIn).toContain('external');
});
