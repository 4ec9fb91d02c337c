import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCommand } from './support/command.js';
import { type Snapshots, snapshots } from './support/heap-snapshots.js';

let taken: Snapshots;
let file: string;
beforeAll(async () => {
  taken = await snapshots();
  file = await taken.take('heap-specimen.mjs');
});
afterAll(() => taken[Symbol.asyncDispose]());

const query = (...args: string[]) => startCommand(['query', ...args]).ended;

it('a question is answered as a table, and as JSON with exact figures', async () => {
  const { code, out } = await query(file, 'containers', 'Map', '--limit', '2');
  expect(code).toBe(0);
  expect(out).toMatch(
    /^[\d,]+ containers with entries of [\d,]+ containers, the most entries first\n\nentries +full +retained +id +class +owner\n/,
  );
  const json = JSON.parse((await query(file, 'containers', 'Map', '--limit', '2', '--json')).out) as {
    rows: { entries: number; id: number }[];
  };
  expect(json.rows).toHaveLength(2);
  expect(out).toContain(`@${json.rows[0]?.id}`);
});

it('an allocation profile is answered by function', async () => {
  const profile = join(taken.directory, 'app.heapprofile');
  const flags = [
    '--heap-prof',
    '--heap-prof-interval=512',
    `--heap-prof-dir=${taken.directory}`,
    '--heap-prof-name=app.heapprofile',
  ];
  const files = ['b', 'a'].map((name) => join(taken.directory, `${name}.heapsnapshot`));
  await promisify(execFile)(process.execPath, [...flags, 'docs/examples/sessions.mjs', ...files]);
  const { code, out } = await query(profile, 'histogram', '--limit', '100');
  expect(code).toBe(0);
  expect(out).toMatch(/^[\d.]+ .?B by the function that allocated it/);
  expect(out).toMatch(/kB +[\d.]+ .?B +(Session|open) examples\/sessions\.mjs:\d+/);
  expect(await query(profile, 'path', '@1')).toMatchObject({
    code: 2,
    err: expect.stringContaining('has functions and no objects'),
  });
});

it('a snapshot is read from standard input', async () => {
  const command = startCommand(['query', '-', 'summary']);
  createReadStream(file).pipe(command.child.stdin!);
  const { code, out } = await command.ended;
  expect(code).toBe(0);
  expect(out).toMatch(/references\n\nretained +share/);
});

it('lines of standard input are questions, and the first that cannot be answered ends the command', async () => {
  const command = startCommand(['query', file, '--limit', '3']);
  command.child.stdin!.end('histogram\nmore\nhelp\npath @0\nsummary\n');
  const { code, out, err } = await command.ended;
  expect(out).toMatch(/… [\d,]+ more rows: --offset 3[^]*--offset 6[^]*the next page/);
  expect(out).not.toContain('references\n');
  expect(err).toContain('no object has the id @0');
  expect(code).toBe(2);
});

it.each([
  [[], /pass a heap snapshot before the question/],
  [['missing.heapsnapshot', 'summary'], /"missing\.heapsnapshot" is neither a file nor a question/],
  [['package.json', 'summary'], /HEAP_[A-Z]+[^]*\[LEAK_LAB_SNAPSHOT\]/],
  [['package.json', 'path'], /ask path @ID/],
  [['package.json', 'compare'], /compare needs two snapshots of one process/],
  [['-'], /a snapshot from standard input needs a question/],
])('%j is refused with exit code 2', async (args, why) => {
  const { code, out, err } = await query(...args);
  expect(err).toMatch(why);
  expect({ code, out }).toEqual({ code: 2, out: '' });
});

it('Ctrl-C ends a prompt', async () => {
  const command = startCommand(['query', file]);
  command.child.stdin!.write('summary\n');
  await command.printed(/dominators @ID/);
  command.child.kill('SIGINT');
  const [code] = (await once(command.child, 'close')) as [number | null];
  expect(code).toBe(0);
});
