import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, it } from 'vitest';
import { stepsOf } from '../docs/lesson.js';
import { match } from '../docs/match.js';
import { Terminal } from '../docs/replay.js';

/** Loads go on until a verdict is settled, which takes a busy machine minutes. */
const LESSON_WITHIN_MS = 1_800_000;
const lessons = readdirSync('docs/lessons').toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));

let terminal: Terminal;
afterEach(() => terminal.close());

it.each(lessons)(
  '%s: every command prints what the lesson shows',
  async (lesson) => {
    terminal = new Terminal();
    for (const step of stepsOf(readFileSync(`docs/lessons/${lesson}`, 'utf8'))) {
      const printed = await terminal.type(step);
      if (step.printed) match(step.printed, printed);
      if (step.served) await terminal.overhear(step.served);
    }
  },
  LESSON_WITHIN_MS,
);
