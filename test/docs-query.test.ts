import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { stepsOf } from '../docs/lesson.js';
import { match } from '../docs/match.js';
import { Terminal } from '../docs/replay.js';

const ID = /@\d+/g;
/** V8 of Node 22 to 25 loses the stacks of allocations when it moves objects: test/heap-allocations.test.ts. */
const KEEPS_STACKS = !/^v2[2-5]\./.test(process.version);

it('every command of docs/query.md prints what the page shows', async () => {
  const terminal = new Terminal();
  /** What an id of the page is in this run. */
  const ids = new Map<string, string>();
  try {
    const steps = stepsOf(readFileSync('docs/query.md', 'utf8'));
    expect(steps.length).toBeGreaterThan(6);
    for (const { commands, printed: shown } of steps) {
      if (!KEEPS_STACKS && commands.some((command) => command.includes('tracked.heapsnapshot'))) continue;
      const typed = commands.map((command) =>
        command
          .replaceAll('npx leak-lab', 'node dist/src/cli/main.js')
          .replaceAll(ID, (id) => ids.get(id) ?? id),
      );
      const printed = await terminal.run({ commands: typed });
      if (shown === null) continue;
      const [before, now] = [shown, match(shown, printed)].map((lines) => lines.join('\n').match(ID) ?? []);
      for (const [at, id] of (before ?? []).entries()) ids.set(id, now?.[at] ?? id);
    }
  } finally {
    await terminal.close();
  }
});
