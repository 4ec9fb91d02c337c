import { expect, it } from 'vitest';
import { fitting, header } from '../load/table.js';
import { about as diagnose } from '../src/cli/diagnose.js';
import { about as load } from '../src/cli/load.js';
import { help } from '../src/command/help.js';

it('the table of a load fits 80 columns, and shows all columns on a wider terminal', () => {
  expect(header(fitting(80)).length).toBeLessThanOrEqual(80);
  expect(header(fitting(80))).toMatch(
    /requests +RSS MB +heap MB +cache entries +requests\/s +p99 ms +errors/,
  );
  expect(header(fitting(Number.POSITIVE_INFINITY))).toBe(header());
});

it.each([40, 80, 100])('the help fits %d columns, except for examples and long words', (width) => {
  for (const about of [load, diagnose]) {
    const lines = help(about, width).split('\n');
    const tooLong = lines.filter((line) => line.length > width).map((line) => line.trim());
    expect(tooLong.filter((line) => /\s/.test(line) && !about.examples.includes(line))).toEqual([]);
  }
});

const wordsAt = (width: number): string => help(diagnose, width).replaceAll(/\s+/g, ' ');

it('the help breaks lines between words and loses no word', () => {
  expect(wordsAt(40)).toBe(wordsAt(1_000));
});
