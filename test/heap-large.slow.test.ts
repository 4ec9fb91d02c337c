import { open, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownerPath, readHeap } from '../src/kit/heap/index.js';
import { HeapBuilder } from './support/heap-builder.js';

const GIB = 2 ** 30;

/** Writes text with holes of zeros between, which take no space on the disk. */
async function writeSparse(file: string, parts: readonly (string | number)[]): Promise<void> {
  const handle = await open(file, 'w');
  let at = 0;
  for (const part of parts) {
    if (typeof part === 'number') at += part;
    else at += (await handle.write(part, at)).bytesWritten;
  }
  await handle.close();
}

describe('a snapshot beyond 4 GiB', () => {
  it('is read, and so are its strings at offsets beyond 4 GiB', async () => {
    const heap = new HeapBuilder();
    const root = heap.userRoot();
    const [huge, holder, value] = [
      heap.node('string', 'HUGE'),
      heap.object('Holder'),
      heap.node('string', 'the value'),
    ];
    heap.property(root, 'huge', huge).property(root, 'holder', holder).property(holder, 'after', value);
    const [before, after] = heap.text().split('HUGE') as [string, string];
    const [head, tail] = before.split('"samples":[') as [string, string];
    const folder = await mkdtemp(join(tmpdir(), 'heap-large-'));
    try {
      const file = join(folder, 'large.heapsnapshot');
      await writeSparse(file, [head, '"samples":[', GIB, tail, 4.5 * GIB, after]);
      const analysed = await readHeap(file);
      expect(analysed.graph.snapshotBytes).toBeGreaterThan(5.5 * GIB);
      expect(analysed.graph.nameOf(holder)).toBe('Holder');
      expect(analysed.graph.nameOf(value)).toBe('the value');
      expect(ownerPath(analysed, value)?.text).toBe('globalThis.holder.after');
      expect(process.resourceUsage().maxRSS * 1024).toBeLessThan(2 * GIB);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
