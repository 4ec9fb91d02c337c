import { describe, expect, it } from 'vitest';
import { fileName } from '../src/kit/diagnosis/naming/index.js';
import {
  isNodeFile,
  isOwnFile,
  isPackageFile,
  packageOf,
  shortFile,
} from '../src/kit/heap/path/script-name.js';
import { ownerPath } from '../src/kit/heap/index.js';
import { HeapBuilder } from './support/heap-builder.js';

describe('the short name of a file', () => {
  it.each([
    ['a path', '/srv/app/src/cache.js', 'src/cache.js'],
    ['a file:// URL', 'file:///srv/app/src/cache.js', 'src/cache.js'],
    ['a path with a drive letter', 'C:\\srv\\app\\src\\cache.js', 'src/cache.js'],
    ['a file:// URL with a drive letter', 'file:///C:/srv/app/src/cache.js', 'src/cache.js'],
    ['a file in the root folder', '/cache.js', '/cache.js'],
    ['a relative path', 'src/kit/cache.js', 'src/kit/cache.js'],
  ])('without a working directory is the last two segments of %s', (_what, script, expected) => {
    expect(shortFile(script)).toBe(expected);
  });

  it.each([
    ['a path', '/srv/app/src/deep/cache.js', '/srv/app'],
    ['a file:// URL', 'file:///srv/app/src/deep/cache.js', '/srv/app'],
    ['a directory with a trailing slash', '/srv/app/src/deep/cache.js', '/srv/app/'],
    ['Windows separators', 'C:\\srv\\app\\src\\deep\\cache.js', 'C:\\srv\\app'],
    ['a file:// URL with a drive letter', 'file:///C:/srv/app/src/deep/cache.js', 'C:\\srv\\app'],
  ])('is relative to the working directory for %s', (_what, script, folder) => {
    expect(shortFile(script, folder)).toBe('src/deep/cache.js');
  });

  it('is the last two segments for a file outside of the working directory', () => {
    expect(shortFile('/srv/other/src/deep/cache.js', '/srv/app')).toBe('deep/cache.js');
    expect(shortFile('/srv/app-two/deep/cache.js', '/srv/app')).toBe('deep/cache.js');
  });

  it.each([
    ['/srv/app/node_modules/lru-cache/dist/index.js', '/srv/app'],
    ['/srv/app/node_modules/lru-cache/dist/index.js', undefined],
    ['file:///srv/app/node_modules/lru-cache/dist/index.js', undefined],
    ['C:\\srv\\app\\node_modules\\lru-cache\\dist\\index.js', undefined],
    ['/srv/app/node_modules/outer/node_modules/lru-cache/dist/index.js', '/srv/app'],
  ])('starts at the last node_modules folder of %s with the working directory %s', (script, folder) => {
    expect(shortFile(script, folder)).toBe('node_modules/lru-cache/dist/index.js');
  });

  it.each(['node:fs', 'node:internal/timers'])('is the whole name of %s, a file of Node', (script) => {
    expect(shortFile(script)).toBe(script);
    expect(shortFile(script, '/srv/app')).toBe(script);
  });
});

describe('the owner of a file', () => {
  it('is Node for node: files, a package below node_modules, and otherwise the program', () => {
    const files = ['node:fs', '/srv/node_modules/a/b.js', 'C:\\srv\\node_modules\\a\\b.js', '/srv/b.js'];
    expect(files.map((file) => isNodeFile(file))).toEqual([true, false, false, false]);
    expect(files.map((file) => isPackageFile(file))).toEqual([false, true, true, false]);
    expect(files.map((file) => isOwnFile(file))).toEqual([false, false, false, true]);
  });

  it('is the innermost package, with its scope', () => {
    expect(packageOf('/srv/node_modules/@nestjs/core/index.js')).toBe('@nestjs/core');
    expect(packageOf('C:\\srv\\node_modules\\@nestjs\\core\\index.js')).toBe('@nestjs/core');
    expect(packageOf('/srv/node_modules/a/node_modules/b/index.js')).toBe('b');
    expect(packageOf('/srv/index.js')).toBeNull();
  });
});

/** A snapshot of a program with one variable in a module of this file. */
async function pathInSnapshot(script: string): Promise<string | undefined> {
  const heap = new HeapBuilder();
  const native = heap.node('hidden', 'system / NativeContext');
  const scope = heap.object('system / Context');
  const variable = heap.object('Cache');
  const [closure, shared, record] = [
    heap.node('closure', 'get'),
    heap.node('code', 'get'),
    heap.node('code', 'system / Script'),
  ];
  heap.property(heap.userRoot(), 'get', closure).edge(closure, 'internal', 'context', scope);
  heap.edge(scope, 'internal', 'previous', native).edge(scope, 'context', 'cache', variable);
  heap.edge(closure, 'internal', 'shared', shared).edge(shared, 'internal', 'script', record);
  heap.edge(record, 'internal', 'name', heap.node('string', script));
  return ownerPath(await heap.read(), variable)?.text;
}

describe('a file in a snapshot and in a live process', () => {
  it.each([
    '/srv/app/src/cache.js',
    'file:///srv/app/src/cache.js',
    'C:\\srv\\app\\src\\cache.js',
    '/srv/app/node_modules/lru-cache/index.js',
    'node:internal/timers',
  ])('has the same short name where the working directory does not apply: %s', async (script) => {
    const live = fileName(script, { folder: '/elsewhere' });
    expect(await pathInSnapshot(script)).toBe(`${live} › cache`);
  });
});
