import { describe, expect, it } from 'vitest';
import { parseMappings } from '../src/kit/outside/mappings.js';
import { readName } from '../src/kit/outside/symbols/demangle.js';
import { readElf } from '../src/kit/outside/symbols/elf.js';
import { Libraries } from '../src/kit/outside/symbols/libraries.js';
import { symbolsAt } from '../src/kit/outside/symbols/lookup.js';
import { drawElf, fileOf } from './support/elf-image.js';
import { seeded } from './support/series.js';

describe('a name of C++', () => {
  // As c++filt of binutils has them, without parameters and namespaces that have no name.
  it.each([
    ['_ZTVN4node6crypto4HashE', 'node::crypto::Hash'],
    ['_ZTVN4node12_GLOBAL__N_110ZlibStreamE', 'node::ZlibStream'],
    ['_ZTVN6icu_786number4impl21AffixMatcherWarehouseE', 'icu_78::number::impl::AffixMatcherWarehouse'],
    ['_ZTV9Statement', 'Statement'],
    [
      '_ZTVN4node17CompressionStreamINS_12_GLOBAL__N_111ZlibContextEEE',
      'node::CompressionStream<node::ZlibContext>',
    ],
    [
      '_ZTVSt19_Sp_counted_deleterIPN2v812BackingStoreESt14default_deleteIS1_ESaIvELN9__gnu_cxx12_Lock_policyE2EE',
      'std::_Sp_counted_deleter<v8::BackingStore*, …>',
    ],
    ['_ZN4node10BaseObject8DeleteMeEPv', 'node::BaseObject::DeleteMe'],
    ['_ZN4node11StatWatcherD2Ev', 'node::StatWatcher::~StatWatcher'],
    ['_ZNK2v88internal10JSReceiver8map_wordEv', 'v8::internal::JSReceiver::map_word'],
    ['TLS_method_data.24', 'TLS_method_data'],
    ['ssl_cipher_free.constprop.0', 'ssl_cipher_free'],
  ])('%s is %s', (symbol, name) => {
    expect(readName(symbol)).toEqual({ name, isVtable: symbol.startsWith('_ZTV') });
  });

  it.each([
    '_ZTVN4node6crypto4Hash',
    '_ZTVN4node99HashE',
    '_ZTIN4node4HashE',
    '_ZTVN4nodeZE',
    '_Z',
    '',
    'a b',
    '_ZTV4HashX',
  ])('that is not understood is null: %s', (symbol) => {
    expect(readName(symbol)).toBeNull();
  });

  it('of any garbage is short or null, and ends soon', () => {
    const random = seeded(5);
    const pieces = [
      'N',
      'S',
      'St',
      'S_',
      'I',
      'J',
      'E',
      'L',
      'P',
      'K',
      'Z',
      'v',
      '4node',
      '12',
      '9',
      'C1',
      'D0',
      'F',
      '_',
    ];
    const startMs = performance.now();
    for (let round = 0; round < 20_000; round += 1) {
      const length = Math.floor(random() * random() * 400);
      const symbol = `_ZTV${Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]).join('')}`;
      expect(readName(symbol)?.name.length ?? 0).toBeLessThanOrEqual(120);
    }
    expect(performance.now() - startMs).toBeLessThan(10_000);
  });
});

const SYMBOLS = [
  { name: '_ZTVN4node6crypto4HashE', address: 0x5010, size: 64 },
  { name: 'table_of_methods', address: 0x5100, size: 256 },
  { name: 'inner', address: 0x5140, size: 16 },
  { name: 'run', address: 0x2000, size: 100, isFunction: true },
  { name: '_ZN4node3FooC1Ev', address: 0x3000, size: 10, isFunction: true },
  { name: '_ZN4node3FooC2Ev', address: 0x3000, size: 10, isFunction: true },
  { name: 'one_of_two', address: 0x4000, size: 10, isFunction: true },
  { name: 'two_of_two', address: 0x4000, size: 10, isFunction: true },
];
const BASE = 0x7f0000400000;
const MAPS = parseMappings(
  `7f0000400000-7f0000404000 r-xp 00000000 fe:00 12   /srv/app/addon.node
7f0000404000-7f0000406000 rw-p 00004000 fe:00 12   /srv/app/addon.node
7f0000406000-7f0000408000 rw-p 00000000 00:00 0
7f0000500000-7f0000502000 rw-p 00000000 00:00 0
7f0000600000-7f0000602000 r--p 00000000 fe:00 13   /srv/app/gone.node (deleted)
`,
);

describe('the libraries of a process', () => {
  const libraries = new Libraries(MAPS, () => fileOf(drawElf(SYMBOLS, 0)));
  const name = (offset: number) => libraries.namesOf([BASE + offset]).get(BASE + offset);

  it('name what lies at their addresses, wherever they are mapped', () => {
    expect(name(0x5020)).toEqual({
      name: 'node::crypto::Hash',
      library: 'addon.node',
      offset: 16,
      isVtable: true,
      isFunction: false,
    });
    expect(name(0x2000)).toMatchObject({ name: 'run', offset: 0, isFunction: true });
  });

  it('name the innermost of what overlaps', () => {
    expect(name(0x5148)).toMatchObject({ name: 'inner', offset: 8 });
    expect(name(0x5138)).toMatchObject({ name: 'table_of_methods', offset: 0x38 });
  });

  it('do not name what two names stand for, unless both mean the same', () => {
    expect(name(0x4000)).toBeUndefined();
    expect(name(0x3000)).toMatchObject({ name: 'node::Foo::Foo' });
  });

  it('do not name what lies between symbols', () => {
    expect(name(0x5050)).toBeUndefined();
  });

  it('have the variables behind the last mapping of their file, and no other memory', () => {
    expect(libraries.pathAt(BASE + 0x7000)).toBe('/srv/app/addon.node');
    expect(libraries.pathAt(0x7f0000500000)).toBeNull();
    expect(libraries.pathAt(0x7f0000600000)).toBeNull();
  });

  it('that are mapped where their addresses say are named as well', () => {
    const fixed = new Libraries(
      parseMappings('00400000-00b6f000 r-xp 00000000 fe:00 1   /usr/bin/node\n'),
      () => fileOf(drawElf([{ name: 'main', address: 0x401000, size: 8, isFunction: true }], null)),
    );
    expect(fixed.namesOf([0x401000]).get(0x401000)?.name).toBe('main');
  });
});

describe('a file of symbols', () => {
  it('that is none, or is cut off, has no symbols', () => {
    expect(readElf(fileOf(new Uint8Array(10)))).toBeNull();
    expect(readElf(fileOf(Buffer.from('#!/bin/sh\n'.repeat(50))))).toBeNull();
    const whole = drawElf(SYMBOLS, 0);
    for (let length = 0; length < whole.length; length += 7) {
      const file = fileOf(whole.subarray(0, length));
      const elf = readElf(file);
      if (elf) expect(symbolsAt(file, elf, [0x2000], () => true).size).toBeLessThanOrEqual(1);
    }
  });

  it('with any bytes changed never throws, hangs or takes much memory', () => {
    const random = seeded(3);
    const startMs = performance.now();
    for (let round = 0; round < 2_000; round += 1) {
      const bytes = drawElf(SYMBOLS, 0);
      for (let change = 0; change < 1 + 20 * random(); change += 1)
        bytes[Math.floor((random() < 0.5 ? 400 : bytes.length) * random())] = Math.floor(256 * random());
      const libraries = new Libraries(MAPS, () => fileOf(bytes));
      const names = libraries.namesOf([BASE + 0x5020, BASE + 0x2000, BASE + 0x5140]);
      for (const { name } of names.values()) expect(name.length).toBeLessThanOrEqual(4_096);
    }
    expect(performance.now() - startMs).toBeLessThan(20_000);
  });
});
