import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { corpusPage } from '../docs/corpus.js';
import { readApps, readCases, readLaunches, tenthOf, thirdOf } from './corpus/case.js';
import {
  emptyScoreboard,
  passes,
  type Result,
  type Scoreboard,
  withoutFolders,
} from './corpus/scoreboard.js';

const cases = readCases([]);

it('the corpus has at least 12 leaks with public sources, and at least 12 healthy services', () => {
  const leaking = cases.filter((one) => one.verdict === 'leak');
  expect(leaking.length).toBeGreaterThanOrEqual(12);
  expect(cases.length - leaking.length).toBeGreaterThanOrEqual(12);
  for (const { name, source } of leaking) {
    expect(source.length, name).toBeGreaterThan(0);
    for (const one of source) expect(one, name).toMatch(/^https:\/\//);
  }
});

it('every case of the corpus pins the versions of its packages', () => {
  for (const { name, says, dependencies } of cases) {
    expect(says, name).not.toBe('');
    for (const version of Object.values(dependencies)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
  }
});

it('the corpus lists its cases when it is given an unknown one', () => {
  expect(() => readCases(['lodash'])).toThrow(/no case lodash; there are .*mem-max-age/);
});

it('the three thirds of the corpus have every case exactly once', () => {
  const thirds = ['1/3', '2/3', '3/3'].map((third) => thirdOf(cases, third));
  const names = thirds.flat().map(({ name }) => name);
  expect(names.toSorted()).toEqual(cases.map(({ name }) => name).toSorted());
  for (const third of thirds) {
    expect(new Set(third.map(({ verdict }) => verdict))).toEqual(new Set(['leak', 'bounded']));
  }
  expect(() => thirdOf(cases, '4/3')).toThrow(/must be 1\/3, 2\/3 or 3\/3/);
});

it('every application of the corpus is there twice, healthy and with its leak, at exact versions', () => {
  const apps = readApps([]);
  expect(new Set(apps.map(({ name }) => name)).size).toBeGreaterThanOrEqual(8);
  for (const { name, verdict, suspect, dependencies, file } of apps) {
    expect(suspect === null, name).toBe(verdict === 'bounded');
    for (const version of Object.values(dependencies)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
    const text = readdirSync(file, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n');
    expect(text.match(/\/\/leak /g), name).toHaveLength(1);
  }
  expect(() => readApps(['rails'])).toThrow(/no application rails; there are .*express/);
});

it('every launch of the corpus is there twice, healthy and with a leak in what it starts, at exact versions', () => {
  const launches = readLaunches([]);
  expect(new Set(launches.map(({ name }) => name)).size).toBeGreaterThanOrEqual(25);
  for (const { name, verdict, suspect, dependencies, launch } of launches) {
    expect(suspect === null, name).toBe(verdict === 'bounded');
    expect(launch?.start, name).not.toHaveLength(0);
    for (const version of Object.values(dependencies)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
  }
  expect(() => readLaunches(['forever'])).toThrow(/no launch forever; there are .*pm2-god/);
});

it('the tenth of the corpus is a tenth, with leaks and healthy services', () => {
  const tenth = tenthOf(cases);
  expect(tenth.length / cases.length).toBeGreaterThan(0.09);
  expect(tenth.filter(({ verdict }) => verdict === 'leak').length).toBeGreaterThan(5);
  expect(tenth.filter(({ verdict }) => verdict === 'bounded').length).toBeGreaterThan(5);
});

const result = (expected: Result['expected'], verdict: Result['verdict'], right: boolean): Result => ({
  name: 'one',
  expected,
  filling: false,
  verdict,
  right,
  suspect: null,
  growthShare: null,
  seconds: 40,
  pauses: { walkMs: 5, snapshots: false },
  memory: { peakRssBytes: null },
});
const board = (...results: Result[]) => ({ ...emptyScoreboard('diagnose'), cases: results });

it('the tenth fails where an answer is wrong, and not where a busy machine leaves it unsettled', () => {
  const named = result('leak', 'leak', true);
  expect(passes(board(named, result('leak', 'unsettled', false)), true)).toBe(true);
  expect(passes(board(named, result('leak', 'unsettled', false)), false)).toBe(false);
  expect(passes(board(named, result('leak', 'bounded', false)), true)).toBe(false);
  expect(passes(board(named, result('leak', 'leak', false)), true)).toBe(false); // another suspect
  expect(passes(board(named, result('bounded', 'leak', false)), true)).toBe(false);
});

it('the page of the scoreboard says what is true of one run and of several, and is that of the kept scoreboard', async () => {
  const kept = JSON.parse(readFileSync('test/corpus/scoreboard.json', 'utf8')) as Scoreboard;
  const [, origin, score] = (await corpusPage())!.split('\n\n');
  expect(origin).toContain(
    ': of one run over all cases, or of several, each over a part of them. The run, or the last of them, began on ' +
      kept.date.slice(0, 10),
  );
  expect(readFileSync('docs/corpus.md', 'utf8').split('\n\n').slice(1, 3)).toEqual([origin, score]);
});

it('a scoreboard has no folder of the machine that it was written on', () => {
  expect(withoutFolders('open files made at a.cjs:20 (4,923, most of "/home/me/corpus/a-1/a.cjs")')).toBe(
    'open files made at a.cjs:20 (4,923, most of "a.cjs")',
  );
  expect(withoutFolders('node_modules/luxon/src/zones/IANAZone.js › cache (Object, 9 entries)')).toBe(
    'node_modules/luxon/src/zones/IANAZone.js › cache (Object, 9 entries)',
  );
});
