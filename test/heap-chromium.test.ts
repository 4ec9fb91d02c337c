import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReadStream } from 'node:fs';
import { parse } from 'heap-snapshot-toolkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, openSession, type QuerySession } from '../src/kit/heap/query/index.js';
import { hasChromium, snapshotOfPage } from './support/chromium.js';

const PAGE = `<body><script>
  class Track { constructor(at) { this.at = at; this.title = 'track ' + at; } }
  class Player { constructor() { this.queue = new Map(); } }
  window.player = new Player();
  for (let at = 0; at < 3000; at++) player.queue.set('key ' + at, new Track(at));
  const removed = document.createElement('div');
  window.detached = removed;
</script></body>`;

interface Model {
  nodeCount: number;
  retainedSizes: Float64Array;
}

describe.skipIf(!hasChromium)('a snapshot of Chromium', () => {
  let folder: string;
  let file: string;
  let session: QuerySession;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leak-lab-page-'));
    file = join(folder, 'page.heapsnapshot');
    await snapshotOfPage(PAGE, file);
    session = await openSession([file]);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('has the retained sizes of Chrome DevTools, for every node', async () => {
    const model = (await parse(createReadStream(file))) as unknown as Model;
    const { heap } = session;
    expect(model.nodeCount).toBe(heap.graph.nodeCount);
    const different = [...heap.retainedSizes.keys()].filter(
      (node) => heap.retainedBytesOf(node) !== model.retainedSizes[node],
    );
    expect(different).toEqual([]);
    expect(heap.graph.nodeCount).toBeGreaterThan(10_000);
  });

  it('answers what its page retains, in the words of the page', () => {
    const page = { offset: 0, limit: 3 };
    const [largest] = ask(session, ['containers', 'Map'], page).rows;
    expect(largest).toMatchObject({ entries: 3000, owner: expect.stringMatching(/player\.queue$/) });
    const { title, rows } = ask(session, ['alive', 'Track'], page);
    expect(title).toContain('3,000 objects of "Track"');
    expect(rows[0]?.['owner']).toMatch(/player\.queue\[…\]$/);
    const freed = ask(session, ['cut', `@${String(largest?.['id'])}`], page);
    expect(freed.rows.map(({ className, count }) => [className, count])).toContainEqual(['Track', 3000]);
  });
});
