import { describe, expect, it } from 'vitest';
import { allocatorOf } from '../src/kit/outside/allocator.js';
import { descriptorKindOf } from '../src/kit/outside/counters.js';
import { parseMappings } from '../src/kit/outside/mappings.js';
import { kindsOf, residentByKind, webAssemblyIn } from '../src/kit/outside/memory-kinds.js';
import { seeded } from './support/series.js';

/** Lines as Linux 6.1 writes them for Node 20 with a worker and a WebAssembly memory; figures only where they count. */
const SMAPS = `00400000-00b6f000 r--p 00000000 fe:00 260689                             /usr/bin/node
Size:               7612 kB
Rss:                5944 kB
Pss:                 594 kB
VmFlags: rd mr mw me sd
0f00b000-0f2ce000 rw-p 00000000 00:00 0                                  [heap]
Rss:                2712 kB
Pss:                2712 kB
23a221c0000-23a22200000 rw-p 00000000 00:00 0
Rss:                 256 kB
7f0684000000-7f0684021000 rw-p 00000000 00:00 0
Rss:                  44 kB
7f0684021000-7f0688000000 ---p 00000000 00:00 0
7f06aabb0000-7f072abb0000 ---p 00000000 00:00 0
7f072abb0000-7f072acb0000 rw-p 00000000 00:00 0
Rss:                1024 kB
7f072acb0000-7f09aabb0000 ---p 00000000 00:00 0
7f0e4afc3000-7f0e4afff000 rwxp 00000000 00:00 0
Rss:                  20 kB
7f0e50271000-7f0e502bb000 rw-p 00000000 00:00 0
Rss:                 296 kB
7f0e5033b000-7f0e5033c000 ---p 00000000 00:00 0
7f0e5033c000-7f0e50b3c000 rw-p 00000000 00:00 0
Rss:                   8 kB
7f0e51000000-7f0e51200000 r--s 00000000 fe:00 99                         /var/lib/app/table.bin
Rss:                2048 kB
Pss:                 100 kB
7f0e51300000-7f0e51400000 rw-s 00000000 00:01 7                          /memfd:ring (deleted)
Rss:                1024 kB
7f0e52000000-7f0e52100000 r-xp 00000000 fe:00 12                         /usr/lib/x86_64-linux-gnu/libc.so.6
Rss:                 900 kB
7ffcd1f14000-7ffcd1f35000 rw-p 00000000 00:00 0                          [stack]
Rss:                  60 kB
`;

describe('mappings', () => {
  const mappings = parseMappings(SMAPS);

  it('are read with their resident set', () => {
    expect(mappings).toHaveLength(16);
    expect(mappings[0]).toEqual({
      start: 0x400000,
      end: 0xb6f000,
      permissions: 'r--p',
      path: '/usr/bin/node',
      rssBytes: 5944 * 1024,
      pssBytes: 594 * 1024,
    });
  });

  it('are told apart by what they are used for, also by their neighbours', () => {
    expect(kindsOf(mappings)).toEqual([
      'libraries',
      'malloc',
      'v8-heap',
      'malloc',
      'other',
      'other',
      'webassembly',
      'other',
      'generated-code',
      'anonymous',
      'other',
      'thread-stacks',
      'mapped-files',
      'shared-memory',
      'libraries',
      'thread-stacks',
    ]);
    expect(residentByKind(mappings)['mapped-files']).toEqual({ rssBytes: 2048 * 1024, pssBytes: 100 * 1024 });
    expect(webAssemblyIn(mappings)).toEqual({ memories: 1, bytes: 0x100000 });
  });

  it('count heaps of one arena that lie side by side as malloc', () => {
    const joined = parseMappings(
      '7f0684000000-7f0688021000 rw-p 00000000 00:00 0\n7f0688021000-7f068c000000 ---p 00000000 00:00 0\n',
    );
    expect(kindsOf(joined)).toEqual(['malloc', 'other']);
  });

  it('of any garbage are empty or finite, and never throw', () => {
    const random = seeded(7);
    for (let round = 0; round < 500; round += 1) {
      const text = Array.from(SMAPS, (letter) =>
        random() < 0.02 ? String.fromCharCode(32 + Math.floor(95 * random())) : letter,
      )
        .join('')
        .slice(0, Math.floor(SMAPS.length * random()));
      const read = parseMappings(text);
      expect(read.every(({ start, end }) => start >= 0 && end > start && Number.isFinite(end))).toBe(true);
      expect(kindsOf(read)).toHaveLength(read.length);
    }
  });
});

describe('open files', () => {
  it.each([
    ['socket:[123]', 'sockets'],
    ['pipe:[7]', 'pipes'],
    ['anon_inode:inotify', 'watches'],
    ['anon_inode:[eventpoll]', 'other-descriptors'],
    ['/dev/null', 'other-descriptors'],
    ['/srv/app/data.json', 'files'],
    ['/tmp/x (deleted)', 'files'],
    ['', 'other-descriptors'],
  ])('%s is of the kind %s', (link, kind) => {
    expect(descriptorKindOf(link)).toBe(kind);
  });
});

const withLibrary = (path: string) =>
  parseMappings(`7f0e52000000-7f0e52100000 r-xp 00000000 fe:00 12   ${path}\n${SMAPS}`);

describe('the allocator', () => {
  it.each([
    ['/usr/lib/x86_64-linux-gnu/libjemalloc.so.2', 'jemalloc'],
    ['/usr/lib/libmimalloc.so.2.1', 'mimalloc'],
    ['/usr/lib/x86_64-linux-gnu/libz.so.1', 'glibc'],
  ])('with %s is %s', (path, allocator) => {
    expect(allocatorOf(withLibrary(path))).toBe(allocator);
  });

  it.each([
    ['/lib/ld-musl-x86_64.so.1', 'musl'],
    ['/usr/lib/x86_64-linux-musl/libc.so', 'musl'],
    ['/usr/lib/x86_64-linux-gnu/libc.so.6', 'glibc'],
    ['/lib/x86_64-linux-gnu/libc-2.31.so', 'glibc'],
  ])('of a process with %s is that of %s', (path, allocator) => {
    const mappings = parseMappings(`7f0e52000000-7f0e52100000 r-xp 00000000 fe:00 12   ${path}`);
    expect(allocatorOf(mappings)).toBe(allocator);
  });

  it('is not known without any of these', () => {
    expect(allocatorOf([])).toBe('unknown');
  });
});
