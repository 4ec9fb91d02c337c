import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FixJson } from '../src/kit/fix/index.js';
import { startCommand } from './support/command.js';
import { schemaErrors } from './support/schema.js';

const SERVER = `import { createServer } from 'node:http';
import { findOrder } from './orders.js';

const orders = new Map();

async function order(id) {
  const known = orders.get(id);
  if (known) return known;
  const found = await findOrder(id);
  orders.set(id, found);
  return found;
}

createServer(async (request, response) => {
  const n = Number(request.url.slice('/orders/'.length));
  // Each fourth request asks for an order of long ago.
  response.end(JSON.stringify(await order(n % 4 === 0 ? n >> 3 : n)));
}).listen(Number(process.env.PORT), '127.0.0.1');
`;
/** An order is the same each time; or it says how often it was loaded, which the server does not show. */
const ORDERS = {
  same: "export const findOrder = async (id) => ({ id, note: 'x'.repeat(300) + id });\n",
  counted: `const times = new Uint8Array(10_000_000);
export const findOrder = async (id) => ({ id, note: 'x'.repeat(300), times: (times[id] += 1) });
`,
};

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'leak-lab-fix-prove-')));
  await mkdir(join(folder, 'node_modules'));
  await symlink(process.cwd(), join(folder, 'node_modules/leak-lab'));
});
afterEach(() => rm(folder, { recursive: true }));

async function files(all: Record<string, string>): Promise<void> {
  for (const [file, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
}

async function prove(
  path: string,
  ...diagnosis: string[]
): Promise<{ code: number | null; out: string; result: FixJson }> {
  const json = join(folder, 'fix.json');
  const args = ['--start', 'node server.js', '--url', `http://127.0.0.1:{port}${path}`];
  const { code, out, err } = await startCommand(
    ['fix', ...diagnosis, ...args, '--prove', '--write', '--json', json],
    {
      cwd: folder,
    },
  ).ended;
  const text = await readFile(json, 'utf8').catch(() => {
    throw new Error(out + err);
  });
  return { code, out, result: JSON.parse(text) as FixJson };
}

it.each(['node:test', 'vitest'] as const)(
  'a service is diagnosed, patched, proved, and gets a regression test for %s that failed before',
  async (runner) => {
    const devDependencies = runner === 'vitest' ? { vitest: '*' } : {};
    if (runner === 'vitest')
      await symlink(resolve('node_modules/vitest'), join(folder, 'node_modules/vitest'));
    await mkdir(join(folder, 'node_modules/.bin'));
    await symlink(resolve('node_modules/vitest/vitest.mjs'), join(folder, 'node_modules/.bin/vitest'));
    await files({
      'package.json': JSON.stringify({ name: 'shop', type: 'module', devDependencies }),
      'server.js': SERVER,
      'orders.js': ORDERS.same,
    });
    const { code, out, result } = await prove('/orders/{n}');
    expect(code, out).toBe(0);
    expect(await schemaErrors('fix', result)).toEqual([]);
    expect(result.proof, out).toMatchObject({ isProved: true, kind: 'fixed' });
    expect(result.regressionTest, out).toMatchObject({ runner, file: 'test/leak.test.mjs' });
    expect(await readFile(join(folder, 'server.js'), 'utf8')).toContain('MAX_ENTRIES');
    expect(await readFile(join(folder, 'test/leak.test.mjs'), 'utf8')).toBe(result.regressionTest?.text);
  },
);

it('a patch that changes answers is not proved, and no file is changed', async () => {
  await files({
    'package.json': JSON.stringify({ name: 'shop', type: 'module' }),
    'server.js': SERVER,
    'orders.js': ORDERS.counted,
  });
  const before = await readdir(folder);
  const { code, out, result } = await prove('/orders/{n}');
  expect(result.proof, out).toMatchObject({ isProved: false, kind: 'regressed' });
  expect(out).toContain('Nothing was written: the proof failed.');
  expect(await readFile(join(folder, 'server.js'), 'utf8')).toBe(SERVER);
  expect((await readdir(folder)).filter((name) => name !== 'fix.json')).toEqual(before);
  expect(code, out).toBe(1);
});

const FILES = `import { open } from 'node:fs/promises';
import { createServer } from 'node:http';

const files = new Set();

async function sizeOf(path) {
  const file = await open(path);
  files.add(file);
  const { size } = await file.stat();
  return size;
}

createServer(async (request, response) => {
  const n = Number(request.url.slice('/sizes/'.length));
  response.end(String(n % 50 === 0 ? await sizeOf('server.js') - await sizeOf('server.js') : n));
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

it("a leak outside V8's heap is proved by what it leaves", async () => {
  const line = FILES.split('\n').findIndex((one) => one.includes('await open')) + 1;
  const suspect = {
    rank: 1,
    kind: 'files',
    owner: 'server.js',
    name: `open files made at server.js:${line} (1,000, most of "server.js")`,
    path: [],
    type: 'fs.promises.open',
    allocatedAt: [{ function: 'sizeOf', file: 'server.js', line, column: 22 }],
    advice: 'Files are opened and not closed.',
  };
  await files({
    'package.json': JSON.stringify({ name: 'shop', type: 'module' }),
    'server.js': FILES,
    'diagnosis.json': JSON.stringify({ schemaVersion: 1, suspects: [suspect] }),
  });
  const { code, out, result } = await prove('/sizes/{n}', 'diagnosis.json');
  expect(result.proof, out).toMatchObject({ isProved: true, kind: 'fixed' });
  expect(out).toMatch(
    /before the patch: Open files changed by 0\.0\d+ per request .* The growth does not end\./s,
  );
  expect(result.regressionTest, out).toMatchObject({ runner: 'node:test', file: 'test/leak.test.mjs' });
  expect(result.regressionTest?.text).toContain('open files grow');
  expect(await readFile(join(folder, 'server.js'), 'utf8')).toContain('await file.close();');
  expect(code, out).toBe(0);
});
