import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allocatorOf } from '../src/kit/outside/allocator.js';
import type { BlockList } from '../src/kit/outside/blocks/block-list.js';
import { IndexedBlocks } from '../src/kit/outside/blocks/indexed-blocks.js';
import { lookAtBlocks } from '../src/kit/outside/index.js';
import { walkMusl } from '../src/kit/outside/malloc/walk-musl.js';
import { parseMappings } from '../src/kit/outside/mappings.js';
import { kindsOf } from '../src/kit/outside/memory-kinds.js';
import { MallocImage } from './support/malloc-image.js';
import { DrawnSlots, entryAt, writePage } from './support/musl-image.js';
import { program } from './support/programs.js';
import { seeded } from './support/series.js';

const FIRST_PAGE = 0x55e20c223000;
const LATER_PAGE = 0x7f5074700000;
const [SMALL, NESTED, LARGE] = [0x7f5074427000, 0x7f5074427800, 0x7f5074600000];

/** As Linux lists them: the first page of the heap is a guard. */
const MAPS = parseMappings(`55e20c222000-55e20c223000 ---p 00000000 00:00 0                          [heap]
55e20c223000-55e20c224000 rw-p 00000000 00:00 0                          [heap]
7f5074427000-7f5074429000 rw-p 00000000 00:00 0
7f5074600000-7f5074640000 rw-p 00000000 00:00 0
7f5074700000-7f5074701000 rw-p 00000000 00:00 0
7f50af518000-7f50af52d000 r-xp 00000000 fe:00 15                         /lib/ld-musl-x86_64.so.1
`);

const PAGE = 4096;
const LARGE_BYTES = 64 * PAGE - 16;

/**
 * Three slots of 2,032 bytes: a block, a group of two slots of 672 bytes, of which one is free, and a block that is not at
 * the beginning of its slot. And a block with a mapping of its own.
 */
function drawn(): { image: MallocImage; slots: DrawnSlots } {
  const image = new MallocImage();
  writePage(image.region(FIRST_PAGE, PAGE), LATER_PAGE, [
    { address: SMALL, slots: 3, sizeClass: 23 },
    { address: NESTED, slots: 2, sizeClass: 17, freed: 2 },
  ]);
  writePage(image.region(LATER_PAGE, PAGE), 0, [{ address: LARGE, slots: 1, sizeClass: 63, pages: 64 }]);
  const small = image.region(SMALL, 2 * PAGE);
  const slots = new DrawnSlots(small, 0, 2_032, FIRST_PAGE + entryAt(0));
  slots.block(0, 2_028).group(1).block(2, 1_800, 3);
  new DrawnSlots(small, NESTED - SMALL, 672, FIRST_PAGE + entryAt(1)).block(0, 600);
  new DrawnSlots(image.region(LARGE, 64 * PAGE), 0, LARGE_BYTES, LATER_PAGE + entryAt(0)).block(0, 250_000);
  return { image, slots };
}

describe("a walk of musl's malloc", () => {
  it('counts what was asked for, in groups within groups and in mappings of their own', () => {
    const seen: [address: number, size: number][] = [];
    const use = walkMusl(drawn().image, MAPS, (address, size) => seen.push([address, size]));
    expect(use).toMatchObject({ lost: 0, blocks: 4, freeBytes: 672 });
    // With a header of 4 bytes, rounded up to 16. An address is 16 bytes before the block, as glibc has it.
    expect(seen).toEqual([
      [SMALL, 2_032],
      [SMALL + 2 * 2_032 + 3 * 16, 1_808],
      [NESTED, 608],
      [LARGE, 250_016],
    ]);
    expect(use.inUseBytes).toBe(2_032 + 1_808 + 608 + 250_016);
  });

  it('tells which mappings are those of malloc', () => {
    expect(kindsOf(MAPS)).toEqual(['other', 'malloc', 'anonymous', 'v8-heap', 'v8-heap', 'libraries']);
    const { mappings } = walkMusl(drawn().image, MAPS);
    expect(kindsOf(mappings)).toEqual(['other', 'malloc', 'malloc', 'malloc', 'v8-heap', 'libraries']);
  });

  it('counts a block as free that was freed meanwhile', () => {
    const { image, slots } = drawn();
    slots.freed(0);
    expect(walkMusl(image, MAPS)).toMatchObject({ lost: 0, blocks: 3, freeBytes: 672 + 2_032 });
  });

  it('says that it lost its place where a slot has no header', () => {
    const { image, slots } = drawn();
    slots.block(2, -100); // its end is before its beginning
    expect(walkMusl(image, MAPS)).toMatchObject({ lost: 1 });
  });

  it('of another malloc, and of memory that cannot be read, counts nothing', () => {
    const glibc = new MallocImage();
    MallocImage.writeBlocks(glibc.region(FIRST_PAGE, PAGE), 0, [{ size: 64, inUse: true }]);
    for (const source of [glibc, { read: () => 0 }])
      expect(walkMusl(source, MAPS)).toMatchObject({ lost: 1, blocks: 0, inUseBytes: 0 });
    expect(walkMusl(drawn().image, [])).toMatchObject({ lost: 1, blocks: 0 });
  });

  it('of memory that changes meanwhile ends, and counts no more than there is', () => {
    const random = seeded(19);
    let whole = 0;
    for (let round = 0; round < 300; round += 1) {
      const { image } = drawn();
      image.scribble(random, 1 + Math.floor(3_000 * random()));
      const use = walkMusl(image, MAPS);
      expect(use.blocks).toBeLessThanOrEqual(2 * 101 * 32);
      whole += Number(use.lost === 0);
    }
    expect(whole).toBeLessThan(300);
  });

  it('has blocks of 16 bytes, to which pointers lead as to any other', () => {
    const blocks = new IndexedBlocks([
      { address: SMALL, size: 16 },
      { address: SMALL + 16, size: 16 },
    ]);
    const pointers = [SMALL + 15, SMALL + 16, SMALL + 24, SMALL + 32, SMALL + 48];
    expect(pointers.map((pointer) => blocks.indexAround(pointer))).toEqual([-1, 0, -1, 1, -1]);
  });

  it('ends where the list of its pages is a circle', () => {
    const image = new MallocImage();
    writePage(image.region(FIRST_PAGE, PAGE), LATER_PAGE, []);
    writePage(image.region(LATER_PAGE, PAGE), FIRST_PAGE, []);
    expect(walkMusl(image, MAPS)).toMatchObject({ lost: 1 });
  });
});

const grown = ([before, after]: BlockList[], size: number): number =>
  (after!.counts.get(size) ?? 0) - (before!.counts.get(size) ?? 0);

const COMPILER = program('musl-gcc');

describe.skipIf(!COMPILER)(
  `a program of musl${COMPILER ? '' : ' (skipped: musl-gcc is not installed)'}`,
  () => {
    let folder: string;
    const children: ChildProcess[] = [];
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'leak-lab-musl-'));
    });
    afterAll(async () => {
      for (const child of children) child.kill('SIGKILL');
      await rm(folder, { recursive: true });
    });

    /** The blocks of the program before and after this letter. */
    async function blocksAfter(letter: string, flags: readonly string[] = []): Promise<BlockList[]> {
      const path = join(folder, `blocks${flags.join('')}`);
      await promisify(execFile)(COMPILER!, [...flags, '-O1', '-o', path, 'test/support/musl-blocks.c']);
      const child = spawn(path, { stdio: ['pipe', 'pipe', 'inherit'] });
      children.push(child);
      await once(child.stdout, 'data');
      const before = lookAtBlocks(child.pid!)!.blocks;
      child.stdin.write(letter);
      await once(child.stdout, 'data');
      const after = lookAtBlocks(child.pid!)!.blocks;
      const maps = parseMappings(await readFile(`/proc/${child.pid}/maps`, 'utf8'));
      expect(allocatorOf(maps)).toBe(flags.includes('-static') ? 'unknown' : 'musl');
      return [before, after];
    }

    it('has exactly the blocks that it took, small and large', async () => {
      const lists = await blocksAfter('a');
      expect(grown(lists, 20_016)).toBe(1_000); // 20,000 and 4 bytes are 1,251 units of 16
      expect(grown(lists, 2_000_016)).toBe(10);
      expect(lists[1]!.length - lists[0]!.length).toBe(1_010);
    });

    it('has what is left of small ones, half of which were freed', async () => {
      const lists = await blocksAfter('s');
      expect([48, 208, 368].map((size) => grown(lists, size))).toEqual([16_667, 16_667, 16_666]);
      expect(lists[1]!.length - lists[0]!.length).toBe(50_000);
    });

    it('has those that are aligned', async () => {
      expect(grown(await blocksAfter('l'), 5_008)).toBe(1_000);
    });

    it('is read as well where it is linked statically, and shows no library', async () => {
      expect(grown(await blocksAfter('a', ['-static']), 20_016)).toBe(1_000);
    });
  },
);
