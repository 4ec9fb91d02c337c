import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { line } from 'd3-shape';
import { scaleLinear, scaleLog } from 'd3-scale';
import { startService } from '../load/service.js';
import { attach } from '../src/kit/process/attach.js';
import { liveBytes } from '../src/kit/process/sample.js';
import { sampleAfterCollection } from '../src/kit/process/remote-sample.js';
import { hammer } from '../test/support/hammer.js';
import { fill } from './fill.js';

/*
 * Measures the hit ratio and the retained memory of the fixed service for several bounds, and writes the figure and
 * the table of lesson 6. Each bound gets the same requests. Their ids follow Zipf's law, as requests for names, pages
 * and products do: the second most popular id is requested half as often as the first, the third a third as often.
 */
const PEOPLE = 100_000;
const REQUESTS = 60_000;
const BOUNDS = [100, 300, 1_000, 3_000, 10_000, 30_000, 100_000];

interface Point {
  maxEntries: number;
  hitRatio: number;
  retainedMegabytes: number;
}

/** Random ranks from 1 by Zipf's law, the same sequence in each run. */
function zipf(): () => number {
  const cumulative = new Float64Array(PEOPLE);
  let sum = 0;
  for (let rank = 1; rank <= PEOPLE; rank += 1) cumulative[rank - 1] = sum += 1 / rank;
  let state = 1;
  return () => {
    // Park and Miller's generator ("Random number generators: good ones are hard to find", 1988).
    state = (state * 48_271) % 2_147_483_647;
    const wanted = (state / 2_147_483_647) * sum;
    let [low, high] = [0, PEOPLE - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

async function measure(maxEntries: number): Promise<Point> {
  const service = await startService([
    'fixed',
    '--max-entries',
    String(maxEntries),
    '--max-bytes',
    '1000000000',
  ]);
  const session = await attach(service.pid);
  try {
    const rank = zipf();
    const before = liveBytes(await sampleAfterCollection(session, service.pid));
    await hammer({
      url: service.url,
      requests: REQUESTS,
      connections: 50,
      request: () => ({ path: `/users/${rank()}` }),
    });
    const after = liveBytes(await sampleAfterCollection(session, service.pid));
    const { cache } = (await (await fetch(`${service.url}/memory`)).json()) as {
      cache: { hitRatio: number };
    };
    return { maxEntries, hitRatio: cache.hitRatio, retainedMegabytes: (after - before) / 1e6 };
  } finally {
    await session.close();
    await service.stop();
  }
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [760, 360, 60, 70, 20, 50];

/** The hit ratio and the retained memory as two curves over the bound. */
function chart(points: readonly Point[]): string {
  const x = scaleLog([BOUNDS[0]!, BOUNDS.at(-1)!], [LEFT, WIDTH - RIGHT]);
  const ratio = scaleLinear([0, 1], [HEIGHT - BOTTOM, TOP]);
  const memory = scaleLinear(
    [0, Math.max(...points.map((one) => one.retainedMegabytes))],
    [HEIGHT - BOTTOM, TOP],
  ).nice();
  const curve = (y: (point: Point) => number): string => line<Point>((one) => x(one.maxEntries), y)(points)!;
  const title = 'Hit ratio and retained memory, by the bound of the cache';
  return [
    `<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">`,
    `<title>${title}</title><style>
  .chart { font: 12px system-ui, sans-serif; fill: #444; background: #fff; }
  .grid { stroke: #ddd; } .curve { fill: none; stroke-width: 2.5; }
  .ratio { stroke: #0369a1; } .memory { stroke: #c2410c; }
  text.ratio { fill: #0369a1; stroke: none; } text.memory { fill: #c2410c; stroke: none; }
  @media (prefers-color-scheme: dark) {
    .chart { fill: #bbb; background: #0d1117; } .grid { stroke: #333; }
    .ratio { stroke: #38bdf8; } .memory { stroke: #fb923c; }
    text.ratio { fill: #38bdf8; } text.memory { fill: #fb923c; }
  }</style>`,
    ...ratio
      .ticks(5)
      .map(
        (tick) =>
          `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${ratio(tick)}" y2="${ratio(tick)}"/>` +
          `<text class="ratio" x="${LEFT - 8}" y="${ratio(tick) + 4}" text-anchor="end">${Math.round(tick * 100)} %</text>`,
      ),
    ...memory
      .ticks(5)
      .map(
        (tick) => `<text class="memory" x="${WIDTH - RIGHT + 8}" y="${memory(tick) + 4}">${tick} MB</text>`,
      ),
    ...BOUNDS.map(
      (bound) =>
        `<text x="${x(bound)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${bound.toLocaleString('en')}</text>`,
    ),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">bound in entries</text>`,
    `<path class="curve ratio" d="${curve((one) => ratio(one.hitRatio))}"/>`,
    `<path class="curve memory" d="${curve((one) => memory(one.retainedMegabytes))}"/>`,
    '</svg>',
  ].join('\n');
}

const points: Point[] = [];
for (const maxEntries of BOUNDS) {
  points.push(await measure(maxEntries));
  console.error(points.at(-1));
}

await mkdir('docs/figures', { recursive: true });
await writeFile('docs/figures/hit-ratio.svg', `${chart(points)}\n`);
const rows = points.map(
  ({ maxEntries, hitRatio, retainedMegabytes }) =>
    `| ${maxEntries.toLocaleString('en')} | ${(hitRatio * 100).toFixed(0)} % | ${retainedMegabytes.toFixed(1)} MB |`,
);
for (const lesson of ['docs/lessons/6-fix-it.md', 'docs/zh/lessons/6-fix-it.md']) {
  const markdown = await readFile(lesson, 'utf8');
  // The table head is in the language of the lesson, so it is not replaced.
  const heads = /<!-- hit ratio by bound -->\s+(\|.*\n\|.*\n)/.exec(markdown)![1]!;
  await writeFile(lesson, fill(markdown, 'hit ratio by bound', heads + rows.join('\n')));
}
