import { describe, expect, it } from 'vitest';
import { BlockList } from '../src/kit/outside/blocks/block-list.js';
import { textIn } from '../src/kit/outside/blocks/content.js';
import { type FoundBlocks, type ReadProcess, withRetainers } from '../src/kit/outside/blocks/found.js';
import { grownBlocks } from '../src/kit/outside/blocks/grown.js';
import { BlockHistory } from '../src/kit/outside/blocks/history.js';
import { Places } from '../src/kit/outside/blocks/places.js';
import { walkMalloc } from '../src/kit/outside/malloc/walk.js';
import { parseMappings } from '../src/kit/outside/mappings.js';
import { Libraries } from '../src/kit/outside/symbols/libraries.js';
import { drawElf, fileOf } from './support/elf-image.js';
import { type Block, MallocImage, setWord } from './support/malloc-image.js';
import { seeded } from './support/series.js';

const HEAP = 0x10000000;
const V8 = 0x23a221c0000;
const STACK = 0x7ffcd1f14000;
const ADDON = 0x7f0000400000;
const DATA = ADDON + 0x4000;

const MAPS = parseMappings(
  `10000000-10040000 rw-p 00000000 00:00 0                                  [heap]
23a221c0000-23a22200000 rw-p 00000000 00:00 0
7f0000400000-7f0000404000 r-xp 00000000 fe:00 12   /srv/app/addon.node
7f0000404000-7f0000406000 rw-p 00004000 fe:00 12   /srv/app/addon.node
7ffcd1f14000-7ffcd1f35000 rw-p 00000000 00:00 0                          [stack]
`,
);
const SYMBOLS = [
  { name: '_ZTV5Photo', address: 0x3000, size: 64 },
  { name: 'photo_methods', address: 0x3100, size: 64 },
  { name: 'free_photo', address: 0x2000, size: 64, isFunction: true },
  { name: 'all_photos', address: 0x4100, size: 64 },
];

/** Sizes of the blocks of a program, in their order; the first ones were there before. */
const BEFORE = 20;
const NEW = 40;
const SIZES: readonly number[] = [
  ...Array.from({ length: BEFORE }, () => 48),
  ...Array.from({ length: NEW }, () => [64, 96, 208, 1_024, 80]).flat(),
];
const OF = { photo: 0, retainer: 1, text: 2, lost: 3, method: 4 };

/** The program: a photo that JavaScript holds and that holds a block of 96; a text that a library holds; a lost block. */
class Program {
  readonly image = new MallocImage();
  readonly heap = this.image.region(HEAP, 0x40000);
  readonly page = this.image.region(V8, 0x40000);
  readonly data = this.image.region(DATA, 0x2000);
  readonly stack = this.image.region(STACK, 0x21000);
  readonly addresses: number[] = [];

  constructor() {
    const blocks: Block[] = SIZES.map((size) => ({ size, inUse: true }));
    MallocImage.writeBlocks(this.heap, 0, blocks);
    let at = HEAP;
    for (const size of SIZES) {
      this.addresses.push(at);
      at += size;
    }
    for (let one = 0; one < NEW; one += 1) this.fill(one);
  }

  /** The address of a new block as the program has it. */
  pointer(one: number, kind: number): number {
    return this.addresses[BEFORE + 5 * one + kind]! + 16;
  }

  private fill(one: number): void {
    const photo = this.pointer(one, OF.photo);
    this.write(photo, ADDON + 0x3010);
    // Its last word is in the header of the next block.
    this.write(photo + 48, this.pointer(one, OF.retainer));
    Buffer.from(this.heap.buffer, this.pointer(one, OF.text) - HEAP).write(`customer ${one}: a@b.example\0`);
    this.write(this.pointer(one, OF.method) + 8, ADDON + 0x2000);
    setWord(this.page, 0x800 + 32 * one, photo);
    setWord(this.data, 0x100 + 8 * (one % 8), this.pointer(one, OF.text));
    setWord(this.data, 0x200 + 8 * one, this.pointer(one, OF.text));
    setWord(this.stack, 0x800 + 8 * one, this.pointer(one, OF.method));
    this.write(this.pointer(one, OF.lost) + 24, this.pointer(one, OF.lost)); // a pointer of its own says nothing
  }

  write(address: number, value: number): void {
    setWord(this.heap, address - HEAP, value);
  }

  find(limits = { bytes: 1e9, cpuMs: 1e4, ms: 1e4 }): FoundBlocks[] {
    const after = new BlockList();
    walkMalloc(this.image, MAPS, after.see);
    after.sort();
    const before = new BlockList();
    for (const [at, address] of this.addresses.slice(0, BEFORE).entries()) before.add(address, SIZES[at]!);
    const libraries = new Libraries(MAPS, () => fileOf(drawElf(SYMBOLS, 0)));
    const process: ReadProcess = { memory: this.image, mappings: MAPS, libraries, readPageMap: () => 0 };
    return withRetainers(
      process,
      after,
      grownBlocks(this.image, libraries, { before, after, now: after }),
      limits,
    );
  }
}

const ofSize = (found: readonly FoundBlocks[], size: number) =>
  found.find(({ blockBytes }) => blockBytes === size);

describe('blocks that became more', () => {
  const found = new Program().find();

  it('are counted by size, those that take most first', () => {
    expect(found.map(({ blockBytes, gained }) => [blockBytes, gained])).toEqual([
      [1_024, NEW],
      [208, NEW],
      [96, NEW],
      [80, NEW],
      [64, NEW],
    ]);
  });

  it('have the class whose table of virtual functions they begin with', () => {
    expect(ofSize(found, 64)).toMatchObject({
      type: { name: 'Photo', library: 'addon.node' },
      pointsTo: null,
    });
  });

  it('say what they point to where their class is not known, and no more', () => {
    expect(ofSize(found, 80)).toMatchObject({ type: null, pointsTo: { name: 'free_photo' }, text: null });
    expect(ofSize(found, 1_024)).toMatchObject({ type: null, pointsTo: null, text: null });
  });

  it('have an object of a class inside where the table of its functions stands further in', () => {
    const inside = new Program();
    for (let one = 0; one < NEW; one += 1) inside.write(inside.pointer(one, OF.lost) + 16, ADDON + 0x3010);
    const block = ofSize(inside.find(), 1_024);
    expect(block).toMatchObject({ type: null, contains: { name: 'Photo' }, pointsTo: null });
  });

  it('that are text show some of it', () => {
    expect(ofSize(found, 208)?.text).toMatch(/^customer \d+: a@b\.example$/);
  });

  it('are retained by JavaScript, by a variable of a library, by a stack, or by nobody', () => {
    expect(ofSize(found, 64)?.retainedBy).toMatchObject({ by: 'javascript', share: 1, through: [] });
    expect(ofSize(found, 208)?.retainedBy).toMatchObject({ by: 'library', library: { file: 'addon.node' } });
    expect(ofSize(found, 80)?.retainedBy?.by).toBe('stack');
    expect(ofSize(found, 1_024)?.retainedBy).toMatchObject({ by: 'nobody', share: 1 });
  });

  it('are held through other blocks, whose last word is in the header of the next', () => {
    expect(ofSize(found, 96)?.retainedBy).toEqual({
      by: 'javascript',
      share: 1,
      library: null,
      through: [{ blockBytes: 64, type: { name: 'Photo', library: 'addon.node' } }],
    });
  });

  it('are not called lost where something points into them, or memory was not searched to the end', () => {
    const inside = new Program();
    for (let one = 0; one < NEW; one += 1)
      setWord(inside.page, 0x8000 + 8 * one, inside.pointer(one, OF.lost) + 400);
    expect(ofSize(inside.find(), 1_024)?.retainedBy?.by).toBe('unclear');
    const little = new Program().find({ bytes: 4_096, cpuMs: 1e4, ms: 1e4 });
    expect(ofSize(little, 1_024)?.retainedBy?.by).toBe('unclear');
  });

  it('are lost with all that only they point to, in a circle as well', () => {
    const circle = new Program();
    for (let one = 0; one < NEW; one += 1) {
      circle.write(circle.pointer(one, OF.lost), circle.pointer(one, OF.text));
      circle.write(circle.pointer(one, OF.text) + 48, circle.pointer(one, OF.lost));
    }
    for (let at = 0; at < 0x2000; at += 8) setWord(circle.data, at, 0);
    const lost = circle.find();
    expect(ofSize(lost, 208)?.retainedBy?.by).toBe('nobody');
    expect(ofSize(lost, 1_024)?.retainedBy?.by).toBe('nobody');
  });

  it('in memory that changes meanwhile are found or not, and the search ends', () => {
    const random = seeded(13);
    const startMs = performance.now();
    for (let round = 0; round < 60; round += 1) {
      const program = new Program();
      program.image.scribble(random, 1 + Math.floor(3_000 * random()));
      for (const { gained, addresses } of program.find()) {
        expect(gained).toBeLessThanOrEqual(0x40000 / 32);
        expect(addresses.length).toBeLessThanOrEqual(4_096);
      }
    }
    expect(performance.now() - startMs).toBeLessThan(60_000);
  });
});

/** Every 4,096th page is in memory. */
function readPageMap(_: number, buffer: Uint8Array): number {
  for (let at = 7; at < buffer.length; at += 8 * 4_096) buffer[at] = 0x80;
  return buffer.length;
}

describe('a search through garbage', () => {
  it('of any mappings ends, and takes no more than its limits', () => {
    const random = seeded(17);
    const { image } = new Program();
    const startMs = performance.now();
    for (let round = 0; round < 15; round += 1) {
      const mappings = Array.from({ length: 1 + Math.floor(200 * random()) }, () => {
        const start = Math.floor(2 ** (47 * random()));
        const end = start + Math.floor(2 ** (46 * random()));
        return { start, end, permissions: 'rw-p', path: '', rssBytes: 0, pssBytes: 0 };
      });
      const list = new BlockList();
      for (let at = 0; at < 100; at += 1)
        list.add(Math.floor(2 ** (47 * random())), 16 * Math.floor(2 + 50 * random()));
      list.sort();
      const libraries = new Libraries(mappings, () => null);
      const grown = grownBlocks(image, libraries, { before: new BlockList(), after: list, now: list });
      const limits = { bytes: 1e8, cpuMs: 300, ms: 500 };
      const found = withRetainers({ memory: image, mappings, libraries, readPageMap }, list, grown, limits);
      expect(found).toHaveLength(grown.length);
    }
    expect(performance.now() - startMs).toBeLessThan(120_000);
  });
});

describe('memory of which every second page is there', () => {
  it('is searched up to a number of pieces, and then is not known whole', () => {
    const mappings = Array.from({ length: 8 }, (_, at) => {
      const start = 0x7f0000000000 + at * 2 ** 32;
      return { start, end: start + 2 ** 30, permissions: 'rw-p', path: '', rssBytes: 0, pssBytes: 0 };
    });
    const places = new Places(mappings, new Libraries([], () => null), new BlockList());
    const stretches = places.stretches((_, buffer) => {
      for (let at = 7; at < buffer.length; at += 16) buffer[at] = 0x80;
      return buffer.length;
    });
    expect(places.isWhole).toBe(false);
    expect(stretches.length).toBeLessThan(1_000_000);
    expect(stretches[1]).toEqual({ start: 0x7f0000002000, end: 0x7f0000003000 });
  });

  it('is not searched where it is swapped out, and is not known whole', () => {
    const [start, end] = [0x7f0000000000, 0x7f0000003000];
    const mapping = { start, end, permissions: 'rw-p', path: '', rssBytes: 0, pssBytes: 0 };
    const places = new Places([mapping], new Libraries([], () => null), new BlockList());
    const stretches = places.stretches((_, buffer) => {
      [buffer[7], buffer[15], buffer[23]] = [0x80, 0x80, 0x40];
      return buffer.length;
    });
    expect(stretches).toEqual([{ start, end: start + 0x2000 }]);
    expect(places.isWhole).toBe(false);
  });
});

describe('a list of blocks', () => {
  it('of millions keeps some, the same ones of the same addresses, and counts all', () => {
    const [one, other] = [new BlockList(1_000), new BlockList(1_000)];
    for (let at = 0; at < 50_000; at += 1) one.add(HEAP + 32 * at, 32);
    for (let at = 49_999; at >= 0; at -= 1) other.add(HEAP + 32 * at, 32);
    for (const list of [one, other]) list.sort();
    expect(one.counts.get(32)).toBe(50_000);
    expect(one.isWhole).toBe(false);
    expect(one.length).toBeGreaterThan(300);
    expect(one.length).toBeLessThanOrEqual(1_000);
    let different = 0;
    one.without(other, () => (different += 1));
    expect(different).toBe(0);
  });

  it('finds what another has not, of those that both could keep', () => {
    const [few, many] = [new BlockList(1_000), new BlockList(1_000)];
    for (let at = 0; at < 500; at += 1) few.add(HEAP + 32 * at, 32);
    for (let at = 0; at < 20_000; at += 1) many.add(HEAP + 32 * at, 32);
    for (const list of [few, many]) list.sort();
    const found: number[] = [];
    many.without(few, (address) => found.push(address));
    expect(found.length).toBeGreaterThan(200);
    expect(found.every((address) => address >= HEAP + 32 * 500)).toBe(true);
    few.without(many, (address) => found.push(-address));
    expect(found.every((address) => address > 0)).toBe(true);
  });

  it('knows the block in whose memory an address is: from behind its header to the header of the next', () => {
    const list = new BlockList();
    list.add(HEAP, 32);
    list.add(HEAP + 32, 64);
    list.sort();
    expect([0, 15, 16, 39, 40, 47, 48, 103, 104].map((at) => list.indexAround(HEAP + at))).toEqual([
      -1, -1, 0, 0, -1, -1, 1, 1, -1,
    ]);
    expect(list.indexOf(HEAP + 32)).toBe(1);
    expect(list.indexOf(HEAP + 16)).toBe(-1);
  });
});

/** Of so many readings, each after 100 units more. */
function workBetween(readings: number): number | undefined {
  const history = new BlockHistory();
  for (let at = 1; at <= readings; at += 1) history.add(100 * at, new BlockList(16));
  return history.change?.work;
}

describe('the blocks of a measurement', () => {
  it('are compared from the first half of its readings to the last', () => {
    expect([1, 2, 3, 4, 7, 8, 20, 31].map((readings) => workBetween(readings))).toEqual([
      undefined,
      100,
      200,
      200,
      500,
      400,
      1_200,
      2_300,
    ]);
  });
});

describe('text in a block', () => {
  it.each([
    ['GET /users/17 HTTP/1.1\r\n\0\0\0', 'GET /users/17 HTTP/1.1\r\n'],
    ['Grüße aus Köln\0', 'Grüße aus Köln'],
    ['x'.repeat(256), `${'x'.repeat(39)}…`],
  ])('%j is text', (text, shown) => {
    expect(textIn(Buffer.from(text, 'utf8'))).toBe(shown);
  });

  it.each(['short\0', 'almost text\x01', '\0text behind a zero', '\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7'])(
    '%j is none',
    (text) => {
      expect(textIn(Buffer.from(text, 'latin1'))).toBeNull();
    },
  );
});
