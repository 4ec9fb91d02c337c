import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorFile, type MappedSource } from '../src/kit/diagnosis/naming/author-file.js';
import { fileName } from '../src/kit/diagnosis/naming/index.js';

let folder = '';
const FILES = [
  'shop/package.json',
  'shop/src/cart.ts',
  'shop/app/page.tsx',
  'shop/.output/server/package.json',
  'shop/node_modules/orm/package.json',
  'shop/node_modules/orm/src/own.ts',
  'shop/node_modules/src/elsewhere.ts',
  'shop/node_modules/bundled/index.js',
  'mono/pnpm-workspace.yaml',
  'mono/apps/api/package.json',
  'mono/packages/shared/src/store.ts',
];

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'leak-lab-author-')));
  for (const file of FILES) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), file.endsWith('.json') ? '{}' : '');
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** The author's file from the temporary folder, or who else wrote it. */
function found(built: string, source: string, other: Partial<MappedSource> = {}): string {
  const at = join(folder, built);
  const author = authorFile({ source, built: at, folder: dirname(at), hasContent: false, ...other });
  return author.by === 'author' ? author.file.slice(folder.length + 1) : author.by;
}

describe('the author’s file', () => {
  it.each([
    ['a relative source', 'shop/dist/main.js', '../src/cart.ts'],
    ['a source above a folder that a build wrote', 'shop/.output/server/index.mjs', '../../src/cart.ts'],
    ['webpack with a name of the package', 'shop/dist/main.js', 'webpack://shop/./src/cart.ts'],
    ['webpack with a scoped name', 'shop/dist/main.js', 'webpack://@acme/shop/./src/cart.ts'],
    ['webpack without a name', 'shop/dist/main.js', 'webpack:///./src/cart.ts'],
    ['webpack without a dot', 'shop/dist/main.js', 'webpack:///src/cart.ts'],
    ['a layer of webpack', 'shop/.next/server/a.js', 'webpack:///(rsc)/./src/cart.ts?d41d'],
    ['loaders of webpack', 'shop/dist/main.js', 'webpack://shop/./node_modules/l/i.js!./src/cart.ts'],
    ['turbopack', 'shop/.next/server/a.js', 'turbopack:///[project]/src/cart.ts'],
  ])('of %s is relative to its project', (_, built, source) => {
    expect(found(built, source)).toBe('shop/src/cart.ts');
  });

  it('is that of a file:// URL', () => {
    const source = pathToFileURL(join(folder, 'shop/src/cart.ts')).href;
    expect(found('shop/dist/main.js', source)).toBe('shop/src/cart.ts');
  });

  it('does not have to be there if the map has its text', () => {
    expect(found('shop/dist/main.js', '../src/gone.ts')).toBe('unknown');
    expect(found('shop/dist/main.js', '../src/gone.ts', { hasContent: true })).toBe('shop/src/gone.ts');
  });

  it('is not outside of the package that has the built file, wherever the map points', () => {
    const built = 'shop/node_modules/orm/index.js';
    expect(found(built, '../../src/cart.ts')).toBe('unknown');
    expect(found(built, '../src/elsewhere.ts', { hasContent: true })).toBe('unknown');
    expect(found(built, 'src/own.ts')).toBe('shop/node_modules/orm/src/own.ts');
    expect(found('shop/dist/main.js', '../../src/cart.ts', { hasContent: true })).toBe('unknown');
  });

  it('may be of another package of the same repository, if it is there', () => {
    const built = 'mono/apps/api/dist/main.js';
    expect(found(built, '../../../packages/shared/src/store.ts')).toBe('mono/packages/shared/src/store.ts');
    expect(found(built, '../../../packages/gone.ts', { hasContent: true })).toBe('unknown');
  });

  it('may be of a package that is in the bundle', () => {
    const file = 'shop/node_modules/bundled/index.js';
    expect(found('shop/dist/main.js', '../node_modules/bundled/index.js')).toBe(file);
  });

  it.each([
    'webpack://shop/webpack/bootstrap',
    'webpack://shop/external node-commonjs "node:http"',
    'turbopack:///[turbopack]/shared/runtime-utils.ts',
    '\0rolldown/runtime.js',
    '../\0virtual:entry',
  ])('is not %s, which a bundler adds', (source) => {
    expect(found('shop/dist/main.js', source, { hasContent: true })).toBe('runtime');
  });

  it('is not at an address', () => {
    expect(found('shop/dist/main.js', 'https://example.com/a.ts', { hasContent: true })).toBe('unknown');
  });
});

it('a file is named from its project where the process runs elsewhere', () => {
  const file = join(folder, 'shop/src/cart.ts');
  expect(fileName(file, { folder: join(folder, 'shop/.output') })).toBe('src/cart.ts');
  expect(fileName(file, { folder: join(folder, 'shop/src') })).toBe('cart.ts');
});
