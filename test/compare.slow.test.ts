import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ComparisonJson } from '../src/kit/compare/index.js';
import { git } from '../src/versions/git.js';
import { startCommand } from './support/command.js';
import { startedRepository } from './support/repository.js';
import { schemaErrors } from './support/schema.js';

const target = (name: string) => `${process.execPath} ${resolve(`test/support/targets/${name}.mjs`)}`;
const SERVICE = target('version');
const URL = 'http://127.0.0.1:{port}/orders/{n}';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'leak-lab-compare-test-')));
});
afterEach(() => rm(folder, { recursive: true }));

interface Compared {
  code: number | null;
  out: string;
  json: ComparisonJson;
}

/** Runs the command in the folder of the test. */
async function compared(...args: string[]): Promise<Compared> {
  const file = join(folder, 'comparison.json');
  const { code, out, err } = await startCommand(['compare', ...args, '--json', file], { cwd: folder }).ended;
  expect(err).toBe('');
  return { code, out, json: JSON.parse(await readFile(file, 'utf8')) as ComparisonJson };
}

const ofCommands = (before: string, after: string) =>
  compared('--before', before, '--after', after, '--url', URL);

/** Commits a version of the service that is started with these flags. */
async function commit(flags: string): Promise<void> {
  await writeFile(join(folder, 'start.sh'), `exec ${SERVICE} ${flags}\n`);
  await git(folder, 'add', 'start.sh');
  await git(folder, 'commit', '--quiet', '--message', flags || 'fixed');
}

it('a fix between two commits is called fixed, with the suspect that is gone', async () => {
  await startedRepository(folder);
  await commit('--orders');
  await commit('');
  const markdown = join(folder, 'comparison.md');
  const refs = ['--before-ref', 'HEAD~1', '--start', 'sh start.sh', '--markdown', markdown, '--url', URL];
  const { code, out, json } = await compared(...refs);
  const { verdict, suspects, answers } = json;
  expect(out).toMatch(/^FIXED \(9\d\.\d % sure\)/);
  expect(code).toBe(0);
  expect(verdict).toMatchObject({ kind: 'fixed', reasonCode: 'leak-gone' });
  expect(suspects.gone).toEqual([expect.stringMatching(/version\.mjs › orders \(Map/)]);
  expect(answers).toMatchObject({ kind: 'same', different: 0 });
  expect(await readFile(markdown, 'utf8')).toMatch(
    /^## ✅ Memory: FIXED .*\n[^]*\| memory \| leak \| bounded \|/,
  );
});

describe('a change', () => {
  it('that adds a leak is a regression that names it', async () => {
    const { code, json } = await ofCommands(SERVICE, `${SERVICE} --sessions`);
    const { verdict, suspects } = json;
    expect([code, verdict.kind, verdict.reasonCode]).toEqual([1, 'regressed', 'leak-new']);
    expect(suspects.new).toEqual([expect.stringMatching(/version\.mjs › sessions \(Map/)]);
  });

  it('of nothing leaves a bounded service unchanged', async () => {
    const { code, json } = await ofCommands(SERVICE, SERVICE);
    expect([code, json.verdict.kind, json.verdict.reasonCode]).toEqual([0, 'unchanged', 'both-bounded']);
    expect(await schemaErrors('comparison', json)).toEqual([]);
  });
});

describe('a fix is refused that', () => {
  it('answers wrongly, by the answer', async () => {
    const { code, out, json } = await ofCommands(`${SERVICE} --orders`, `${SERVICE} --wrong`);
    const { verdict } = json;
    expect([code, verdict.kind, verdict.reasonCode]).toEqual([1, 'regressed', 'answers-differ']);
    expect(json.memory.kind).toBe('fixed');
    expect(out).toMatch(/^- GET \/orders\/1: body at total: 9 → 10$/m);
  });

  it('is twice as slow, by what became slower', async () => {
    const { code, out, json } = await ofCommands(`${SERVICE} --orders --slow 1`, `${SERVICE} --slow 2`);
    const { verdict } = json;
    expect([code, verdict.kind, verdict.reasonCode]).toEqual([1, 'regressed', 'slower']);
    expect(out).toMatch(/(latency|CPU time per request) is (1\.[5-9]|2\.)\d* times/);
  });
});

describe('of two leaks, one mended is an improvement that names the other', () => {
  it.each([
    ['shop', 'carts', /shop\.mjs › carts \(Map/, /shop\.mjs › prices \([\d,]+ price listeners/],
    ['shop', 'listeners', /shop\.mjs › prices \([\d,]+ price listeners/, /shop\.mjs › carts \(Map/],
    ['chat', 'history', /History\.messages \(Array/, /timers of 3,600,000 ms/],
    ['chat', 'timers', /timers of 3,600,000 ms/, /History\.messages \(Array/],
  ])('%s: %s', async (name, mended, gone, remaining) => {
    const { code, json } = await ofCommands(target(name), `${target(name)} ${mended}`);
    const { verdict, suspects } = json;
    expect([code, verdict.kind], verdict.reason).toEqual([0, 'improved']);
    expect(verdict.reasonCode).toMatch(/leak-smaller|suspect-gone/);
    expect(suspects).toEqual({
      gone: [expect.stringMatching(gone)],
      remaining: [expect.stringMatching(remaining)],
      new: [],
      unmatched: [],
    });
  });
});
