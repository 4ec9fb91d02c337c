import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { GalleryRowJson } from '../src/cli/gallery-table.js';
import { schemaErrors } from './support/schema.js';

it('the gallery finds leaky to be a leak and fixed to be bounded, for a pair in the heap and one in external memory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-gallery-'));
  const json = join(folder, 'gallery.json');
  const asked = ['dist/src/cli/main.js', 'gallery', 'timers', 'buffer-pool', '--json', json];
  // Throws, with the output, unless the exit code is 0: all halves have the expected verdict.
  await promisify(execFile)(process.execPath, asked);
  const rows = JSON.parse(await readFile(json, 'utf8')) as GalleryRowJson[];
  expect(await schemaErrors('gallery', rows)).toEqual([]);
  await rm(folder, { recursive: true });
  expect(rows.map(({ pattern, leaky, fixed }) => [pattern, leaky.kind, fixed.kind])).toEqual([
    ['timers', 'leak', 'bounded'],
    ['buffer-pool', 'leak', 'bounded'],
  ]);
  for (const { leaky, fixed } of rows) {
    expect(fixed).toMatchObject({ bytesPerRequest: { high: expect.toSatisfy((high: number) => high < 50) } });
    expect(leaky).toMatchObject({ bytesPerRequest: { low: expect.toSatisfy((low: number) => low > 50) } });
  }
  expect(rows[0]!.showsIn).toContain('heap');
  expect(rows[1]!.showsIn).toContain('external');
});

it.skipIf(process.platform !== 'linux')(
  'the gallery judges a pair that leaves files open by their number, and names the line that opens them',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'leak-lab-gallery-'));
    const json = join(folder, 'gallery.json');
    const asked = ['dist/src/cli/main.js', 'gallery', 'file-handles', '--diagnose', '--json', json];
    await promisify(execFile)(process.execPath, asked);
    const rows = JSON.parse(await readFile(json, 'utf8')) as GalleryRowJson[];
    expect(await schemaErrors('gallery', rows)).toEqual([]);
    await rm(folder, { recursive: true });
    const [{ judgedBy, showsIn, leaky, fixed, name }] = rows as [GalleryRowJson];
    expect({ judgedBy, showsIn }).toEqual({ judgedBy: 'files', showsIn: ['open files'] });
    // One request of fifty opens a file.
    expect(leaky).toMatchObject({ kind: 'leak', bytesPerRequest: null });
    expect(leaky.countPerRequest!.low).toBeLessThan(0.02);
    expect(leaky.countPerRequest!.high).toBeGreaterThan(0.02);
    expect(fixed.kind).toBe('bounded');
    expect(name).toContain('open files made at src/specimens/file-handles.ts:');
  },
);
