import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FixJson } from '../src/kit/fix/index.js';
import { type Ended, startCommand } from './support/command.js';
import { DIAGNOSIS, SERVICE, Shop } from './support/fix-shop.js';
import { schemaErrors } from './support/schema.js';
import { until } from './support/until.js';

let shop: Shop;
beforeEach(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.close());

const fix = (...args: string[]) =>
  startCommand(['fix', ...args], { cwd: shop.folder, env: { ...process.env, TMPDIR: shop.scratch } });
const fixed = (...args: string[]): Promise<Ended> => fix(...args).ended;

describe('leak-lab fix', () => {
  it('prints the patch, what it assumes, and changes no file', async () => {
    const { code, out, err } = await fixed('diagnosis.json');
    expect(code, err).toBe(0);
    expect(out).toContain('--- a/users.js\n+++ b/users.js\n');
    expect(out).toContain('+const MAX_ENTRIES = 1_000;');
    expect(out).toContain('What is not in the cache is loaded again: users.js:6 does it.');
    expect(await shop.text()).toBe(SERVICE);
    expect(await readdir(shop.scratch)).toEqual([]);
  });

  it('applies only the patches that --digest stands for', async () => {
    const json = join(shop.root, 'fix.json');
    const digestNow = async (): Promise<string> =>
      (JSON.parse(await readFile(json, 'utf8')) as FixJson).digest ?? '';
    await fixed('diagnosis.json', '--json', json);
    const digest = await digestNow();
    const others = await fixed('diagnosis.json', '--write', '--digest', digest, '--max-entries', '50');
    expect([others.code, others.out]).toEqual([
      1,
      expect.stringMatching(/\nNothing was written: these are not the patches of --digest/),
    ]);
    expect(await shop.text()).toBe(SERVICE);

    expect((await fixed('diagnosis.json', '--write', '--digest', digest, '--json', json)).code).toBe(0);
    expect(await digestNow()).toBe(digest);
    expect(await shop.text()).toContain('const MAX_ENTRIES = 1_000;');
    expect(await fixed('diagnosis.json', '--digest', digest)).toMatchObject({
      code: 2,
      err: expect.stringContaining('pass --write as well'),
    });
  });

  it('applies it with --write, and writes JSON as its schema says', async () => {
    const json = join(shop.root, 'fix.json');
    const { code, out } = await fixed('diagnosis.json', '--write', '--json', json, '--max-entries', '50');
    expect(out).toContain('Written.');
    expect(code).toBe(0);
    expect(await shop.text()).toContain('const MAX_ENTRIES = 50;');
    const result = JSON.parse(await readFile(json, 'utf8')) as FixJson;
    expect(await schemaErrors('fix', result)).toEqual([]);
    expect(result).toMatchObject({
      written: true,
      results: [{ rank: 1, patch: { pattern: 'bounded-cache' } }],
    });
    expect((await readdir(shop.folder)).toSorted()).toEqual([
      'db.js',
      'diagnosis.json',
      'package.json',
      'users.js',
    ]);
  });

  it('offers no patch that fails the tests of the project, and says which did', async () => {
    await shop.write({
      'package.json': JSON.stringify({ name: 'shop', type: 'module', scripts: { test: 'node --test' } }),
      'users.test.js': `import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
test('the cache has no bound', () => assert.doesNotMatch(readFileSync('users.js', 'utf8'), /MAX_ENTRIES/));
`,
    });
    const { code, out } = await fixed('diagnosis.json', '--write');
    expect(code).toBe(1);
    expect(out).toContain('With the patch, npm test fails:');
    expect(out).toContain('Advice: Entries are added and never removed.');
    expect(await shop.text()).toBe(SERVICE);
    expect((await fixed('diagnosis.json', '--test', 'true')).code).toBe(0);
    expect((await fixed('diagnosis.json', '--no-test')).code).toBe(0);
    const always = await fixed('diagnosis.json', '--test', 'false');
    expect(always.code).toBe(1);
    expect(always.out).toContain('false fails without the patch as well');
  });

  it('offers no patch that the compiler of the project rejects, and takes the next best one', async () => {
    // The values may be undefined, which an LRUCache cannot store: the oldest entry of the Map goes instead.
    await shop.write({
      'package.json': JSON.stringify({ name: 'shop', type: 'module', dependencies: { 'lru-cache': '*' } }),
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          module: 'nodenext',
          target: 'es2022',
          strict: true,
          noEmit: true,
          skipLibCheck: true,
          types: [],
        },
        include: ['*.ts'],
      }),
      'users.ts': `const users = new Map<string, string | undefined>();
declare function load(id: string): Promise<string | undefined>;
export async function find(id: string): Promise<string | undefined> {
  const known = users.get(id);
  if (known) return known;
  const user = await load(id);
  users.set(id, user);
  return user;
}
`,
      'diagnosis.json': JSON.stringify(DIAGNOSIS).replaceAll('users.js', 'users.ts'),
    });
    await mkdir(shop.path('node_modules'));
    for (const name of ['typescript', 'lru-cache'])
      await symlink(resolve('node_modules', name), shop.path(`node_modules/${name}`));
    const { code, out } = await fixed('diagnosis.json');
    expect(out).toContain('the oldest entry goes first');
    expect(code).toBe(0);
  });

  it('writes the patch of a package beside the project, and touches no installed file, also where it is a link', async () => {
    const orm = join(shop.root, 'orm');
    await mkdir(orm);
    await writeFile(
      join(orm, 'package.json'),
      JSON.stringify({ name: '@acme/orm', version: '1.2.3', type: 'module' }),
    );
    await writeFile(join(orm, 'users.js'), SERVICE);
    await mkdir(shop.path('node_modules/@acme'), { recursive: true });
    await symlink(orm, shop.path('node_modules/@acme/orm'));
    await shop.write({
      'diagnosis.json': JSON.stringify(DIAGNOSIS).replaceAll('users.js', 'node_modules/@acme/orm/users.js'),
    });
    const test = 'grep -q MAX_ENTRIES node_modules/@acme/orm/users.js';
    const { code, out } = await fixed('diagnosis.json', '--write', '--test', test);
    expect(out).toContain('The code is of the package @acme/orm.');
    expect(code).toBe(0);
    expect(await readFile(join(orm, 'users.js'), 'utf8')).toBe(SERVICE);
    const patch = 'patches/@acme+orm+1.2.3.patch';
    expect(await shop.text(patch)).toMatch(
      /^diff --git a\/node_modules\/@acme\/orm\/users\.js b\/node_modules\//,
    );
    await rm(shop.path('node_modules/@acme/orm'));
    await cp(orm, shop.path('node_modules/@acme/orm'), { recursive: true });
    await promisify(execFile)('git', ['apply', patch], { cwd: shop.folder });
    expect(await shop.text('node_modules/@acme/orm/users.js')).toContain('const MAX_ENTRIES = 1_000;');
  });

  it('says what is wrong with its input', async () => {
    await shop.write({ 'empty.json': '{"suspects": []}', 'other.json': '{"rows": []}', 'broken.json': '{' });
    for (const [args, message] of [
      [[], /nothing to mend/],
      [['nowhere.json'], /cannot read the diagnosis nowhere\.json/],
      [['broken.json'], /cannot read the diagnosis broken\.json/],
      [['other.json'], /other\.json is no diagnosis/],
      [['empty.json'], /empty\.json names no suspect/],
      [['diagnosis.json', '--suspect', '4'], /there is no suspect 4/],
      [['diagnosis.json', '--prove'], /--prove needs --start/],
      [['diagnosis.json', '--folder', shop.root], /there is no package\.json/],
    ] as [string[], RegExp][]) {
      const { code, err } = await fixed(...args);
      expect(err).toMatch(message);
      expect(code).toBe(2);
    }
  });

  it('leaves the files as they were when it is interrupted', async () => {
    const command = fix('diagnosis.json', '--write', '--test', 'touch started && sleep 600');
    const running = async (): Promise<boolean> => {
      const copies = await readdir(shop.scratch);
      const inside = await Promise.all(
        copies.map((copy) => readdir(join(shop.scratch, copy, 'check')).catch(() => [])),
      );
      return inside.flat().includes('started');
    };
    await until(running);
    command.child.kill('SIGINT');
    const { code } = await command.ended;
    expect(code).toBe(130);
    expect(await shop.text()).toBe(SERVICE);
    expect(await readdir(shop.scratch)).toEqual([]);
  });
});
