import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { stepsOf } from '../docs/lesson.js';
import { match } from '../docs/match.js';
import { Terminal } from '../docs/replay.js';

/** A load runs until its verdict is settled, which takes minutes on a busy machine. */
const LESSON_WITHIN_MS = 1_800_000;
const lessons = readdirSync('docs/lessons').toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));

let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal();
});
afterEach(() => terminal.close());

describe('the output that the docs show', () => {
  it.each(lessons)(
    'in lesson %s is what each of its commands prints',
    async (lesson) => {
      for (const step of stepsOf(readFileSync(`docs/lessons/${lesson}`, 'utf8'))) {
        const printed = await terminal.run(step);
        if (step.printed) match(step.printed, printed);
        if (step.served) await terminal.waitForService(step.served);
      }
    },
    LESSON_WITHIN_MS,
  );

  it(
    'in the README is what npm run demo prints',
    async () => {
      const [, shown = ''] = /```text\n(leaky: [^]*?)\n```/.exec(readFileSync('README.md', 'utf8')) ?? [];
      const printed = await terminal.run({ commands: ['npm run demo'] });
      match(withoutExtraRows(shown.split('\n')), withoutExtraRows(printed));
    },
    LESSON_WITHIN_MS,
  );
});

/** After 100,000 requests the demo goes on until its verdict is settled, so the number of further rows varies. */
const withoutExtraRows = (lines: string[]): string[] =>
  lines.filter((line) => !/^ +(?!100,000)\d{3},\d{3} /.test(line));
