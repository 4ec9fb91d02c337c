import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { match, stepsOf } from '../docs/lesson.js';

const lessons = readdirSync('docs/lessons');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

describe('what a lesson shows is compared with what is printed', () => {
  const printed = [
    'leaky on http://127.0.0.1:8000',
    ' requests  heap MB',
    '   10,000     25.3',
    'LEAK, 99.9 % sure',
  ];

  it('whatever the ports, widths and figures are', () => {
    const shown = ['leaky on http://127.0.0.1:4711', ' requests heap MB', '12,000 31.0', 'LEAK, 99 % sure'];
    expect(match(shown, printed)).toEqual(printed);
  });

  it('with lines left out where the lesson says so', () => {
    expect(match(['…', 'LEAK, 99.9 % sure'], printed)).toEqual(['…', 'LEAK, 99.9 % sure']);
    expect(() => match(['LEAK, 99.9 % sure'], printed)).toThrow(/printed otherwise than shown/);
  });

  it.each([
    ['another word', ['…', 'BOUNDED, 99.9 % sure']],
    ['another order', ['…', 'LEAK, 99.9 % sure', ' requests  heap MB']],
    ['a figure of another size', ['…', '10,000 253.0']],
  ])('and %s is told', (_what, shown) => {
    expect(() => match(shown, printed)).toThrow();
  });
});

describe.each(lessons)('%s', (lesson) => {
  const english = readFileSync(`docs/lessons/${lesson}`, 'utf8');

  it('uses scripts that exist, and shows nothing unfinished', () => {
    const used = Array.from(english.matchAll(/npm run ([\w:]+)/g), ([, name]) => name!);
    expect(used.filter((name) => !scripts[name])).toEqual([]);
    expect(english).not.toContain('TODO');
    expect(stepsOf(english).length).toBeGreaterThan(0);
  });

  it.runIf(existsSync(`docs/zh/lessons/${lesson}`))('has the same commands and output in Chinese', () => {
    expect(stepsOf(readFileSync(`docs/zh/lessons/${lesson}`, 'utf8'))).toEqual(stepsOf(english));
  });
});
