import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { allocatorOf } from '../src/kit/outside/allocator.js';
import { walkOf } from '../src/kit/outside/malloc/allocators.js';
import { walkMalloc } from '../src/kit/outside/malloc/walk.js';
import { parseMappings } from '../src/kit/outside/mappings.js';
import { ProcessMemory } from '../src/kit/outside/proc.js';
import { type Block, MallocImage, setWord } from './support/malloc-image.js';
import { seeded } from './support/series.js';

const HEAP = 0x10000000;
const ARENA = 0x7f0684000000;
const MAPPED = 0x7f0e50271000;
const PAGE = 4096;

const MAPS = parseMappings(
  `10000000-10010000 rw-p 00000000 00:00 0                                  [heap]
7f0684000000-7f0684021000 rw-p 00000000 00:00 0
7f0684021000-7f0688000000 ---p 00000000 00:00 0
7f0e50271000-7f0e502b1000 rw-p 00000000 00:00 0
`,
);

const BLOCKS: Block[] = [
  { size: 32, inUse: true },
  { size: 4096, inUse: false },
  { size: 48, inUse: true },
  { size: 48, inUse: true },
  { size: 1024, inUse: true },
];

function drawn(): MallocImage {
  const image = new MallocImage();
  MallocImage.writeBlocks(image.region(HEAP, 0x10000), 0, BLOCKS);
  const arena = image.region(ARENA, 0x21000);
  setWord(arena, 0, ARENA + 0x30); // heap_info: its arena, no heap before it, and its size
  setWord(arena, 16, 0x21000);
  MallocImage.writeBlocks(arena, 0x8d0, BLOCKS);
  const mapped = image.region(MAPPED, 64 * PAGE);
  MallocImage.writeMapped(mapped, 2 * PAGE, 10 * PAGE);
  MallocImage.writeMapped(mapped, 12 * PAGE, 33 * PAGE);
  return image;
}

const IN_BLOCKS = 32 + 48 + 48 + 1024;

describe('a walk of malloc', () => {
  it('counts the blocks in use of the main arena, of a thread, and those with mappings of their own', () => {
    const use = walkMalloc(drawn(), MAPS);
    expect(use.lost).toBe(0);
    expect(use.inUseBytes).toBe(2 * IN_BLOCKS + 43 * PAGE);
    expect(use.blocks).toBe(10);
    expect(use.bySize.get(48)).toBe(4);
  });

  it('counts what is free, the top of each arena included', () => {
    const { freeBytes } = walkMalloc(drawn(), MAPS);
    expect(freeBytes).toBe(0x10000 - IN_BLOCKS + (0x21000 - 0x8d0 - IN_BLOCKS));
  });

  it('says that it lost its place, and counts what came before', () => {
    const image = drawn();
    const heap = image.region(HEAP - 0x100000, 0x1000);
    MallocImage.writeBlocks(heap, 0, [{ size: 64, inUse: true }]);
    setWord(heap, 64 + 8, 7 * 8); // a size that no block has
    const maps = parseMappings('ff00000-ff01000 rw-p 00000000 00:00 0   [heap]\n');
    expect(walkMalloc(image, maps)).toMatchObject({ lost: 1, blocks: 0 });
  });

  it('of memory that cannot be read counts nothing', () => {
    expect(walkMalloc({ read: () => 0 }, MAPS)).toMatchObject({ lost: 2, inUseBytes: 0, blocks: 0 });
  });

  it('of memory that changes meanwhile ends, and counts no more than there is', () => {
    const random = seeded(11);
    for (let round = 0; round < 150; round += 1) {
      const image = drawn();
      image.scribble(random, 1 + Math.floor(4_000 * random()));
      const use = walkMalloc(image, MAPS);
      expect(use.inUseBytes + use.freeBytes).toBeLessThanOrEqual(0x10000 + 0x21000 + 64 * PAGE);
      expect(use.blocks).toBeLessThanOrEqual((0x10000 + 0x21000) / 32 + 64);
    }
  });
});

const maps = process.platform === 'linux' ? parseMappings(readFileSync('/proc/self/maps', 'utf8')) : [];
const walk = maps.length > 0 ? walkOf(allocatorOf(maps)) : null;

/** Says "ready", then allocates for each line that it is given, and says so. */
const PROGRAM = `
  const kept = [];
  process.stdin.on('data', () => {
    for (let at = 0; at < 1000; at += 1) kept.push(Buffer.allocUnsafeSlow(20_000));
    for (let at = 0; at < 10; at += 1) kept.push(Buffer.allocUnsafeSlow(2_000_000));
    console.log('done');
  });
  console.log('ready');`;

/** Threads that are still busy make a walk lose its place: then it begins again. */
async function mallocOf(pid: number) {
  const memory = ProcessMemory.open(pid)!;
  try {
    for (;;) {
      const use = walk!(memory, parseMappings(readFileSync(`/proc/${pid}/maps`, 'utf8')));
      if (use.lost === 0) return use;
      await sleep(20);
    }
  } finally {
    memory.close();
  }
}

describe.runIf(walk !== null)('a walk of the malloc of another process', () => {
  it('finds what its Buffers take, small and large, within 2 %', async () => {
    const child = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      await once(child.stdout, 'data');
      const before = await mallocOf(child.pid!);
      child.stdin.write('go\n');
      await once(child.stdout, 'data');
      const after = await mallocOf(child.pid!);
      expect(Math.abs((after.inUseBytes - before.inUseBytes) / 40e6 - 1)).toBeLessThan(0.02);
      expect(after.bySize.get(20_016)! - (before.bySize.get(20_016) ?? 0)).toBeGreaterThanOrEqual(1_000);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
