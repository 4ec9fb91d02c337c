import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, it } from 'vitest';
import { stepsOf } from '../docs/lesson.js';
import { match } from '../docs/match.js';
import { Terminal } from '../docs/replay.js';

/** Loads go on until a verdict is settled, which takes a busy machine minutes. */
const LESSON_WITHIN_MS = 1_800_000;
const lessons = readdirSync('docs/lessons').toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));

let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal();
});
afterEach(() => terminal.close());

it.each(lessons)(
  '%s: every command prints what the lesson shows',
  async (lesson) => {
    for (const step of stepsOf(readFileSync(`docs/lessons/${lesson}`, 'utf8'))) {
      const printed = await terminal.type(step);
      if (step.printed) match(step.printed, printed);
      if (step.served) await terminal.overhear(step.served);
    }
  },
  LESSON_WITHIN_MS,
);

/** The demo goes on beyond 100,000 requests until the verdict is settled: no row more, or some. */
const withoutMore = (lines: string[]): string[] =>
  lines.filter((line) => !/^ +(?!100,000)\d{3},\d{3} /.test(line));

it(
  'the README: npm run demo prints what it shows',
  async () => {
    const [, shown] = /```text\n(leaky: [^]*?)\n```/.exec(readFileSync('README.md', 'utf8'))!;
    const printed = await terminal.type({ commands: ['npm run demo'], printed: null, served: null });
    match(withoutMore(shown!.split('\n')), withoutMore(printed));
  },
  LESSON_WITHIN_MS,
);
