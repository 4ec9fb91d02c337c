import { describe, expect, it } from 'vitest';
import { repeatsIn } from '../src/kit/heap/path/repeats.js';

const repeats = (text: string): string =>
  repeatsIn(Array.from(text), (step) => step)
    .map(({ steps, times }) => (times === 1 ? steps.join('') : `(${steps.join('')})${times}`))
    .join('');

describe('equal steps of a path', () => {
  it.each([
    ['', ''],
    ['abc', 'abc'],
    ['aabb', 'aabb'],
    ['abcccc', 'ab(c)4'],
    ['xababab', 'x(ab)3'],
    ['xabcdefabcdefabcdefab', 'x(abcdef)3ab'],
    ['aaabbbb', '(a)3(b)4'],
  ])('of %s are written once, with their count: %s', (path, written) => {
    expect(repeats(path)).toBe(written);
  });

  it('are found in a path of a hundred thousand', () => {
    expect(repeats('abcdefghijkl'.repeat(10_000))).toBe('(abcdefghijkl)10000');
  });
});
