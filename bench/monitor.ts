import { megabytes } from '../src/command/format.js';
import { outsideSample } from '../src/kit/outside/index.js';
import { median } from './median.js';
import type { Figures, Outcome } from './outcome.js';
import { costOf, slice, startServer, type Server } from './servers.js';

/**
 * Pairs of slices on one server, with monitoring on in one slice of each pair and off in the other. Two processes would
 * differ by more than the cost of monitoring, because V8 compiles them differently. Slices are short, so that other work
 * of the machine affects both slices of a pair.
 */
const PAIRS = 41;
const REQUESTS = 10_000;
const SETTLE_REQUESTS = 5_000;
const WARM_UP_REQUESTS = 40_000;
/** As a ratio of CPU times per request. */
const COST_AT_MOST = 1.01;
const BYTES_AT_MOST = 8_000_000;
const OUTSIDE_MS_AT_MOST = 1;
const OUTSIDE_SAMPLES = 201;

const cases = [
  { name: 'hit', path: '/users/bef76936c7d22e98f3d7b4c7e1aeef524da4ec1b48f871926fee43c5ec071a2d' },
  { name: 'miss', path: '/users/random' },
];

/** The cost of monitoring: CPU time of the service with and without it, and the memory of an empty application. */
export async function monitorBench(): Promise<Outcome> {
  const figures: Figures = {};
  console.log('Cost of MemoryModule: CPU time per request, medians of paired slices');
  console.log('case   without µs        with µs   ratio (95 % interval)   limit');
  const server = await startServer('nest');
  const empty = await startServer('empty');
  const emptyWatched = await startServer('empty watched');
  let passed = true;
  try {
    for (const { name, path } of cases) {
      await slice(server, path, WARM_UP_REQUESTS);
      const pairs = await pairsOf(server, path);
      const ratios = pairs.map(({ rest, watch }) => watch / rest).toSorted((a, b) => a - b);
      const ratio = median(ratios);
      // The interval of a median by ranks (binomial), which assumes no distribution of the noise.
      const reach = Math.round(0.98 * Math.sqrt(PAIRS));
      const [low, high] = [ratios[(PAIRS >> 1) - reach]!, ratios[(PAIRS >> 1) + reach]!];
      const cells = [
        name.padEnd(5),
        median(pairs.map(({ rest }) => rest))
          .toFixed(1)
          .padStart(15),
        median(pairs.map(({ watch }) => watch))
          .toFixed(1)
          .padStart(12),
        `${ratio.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`.padStart(23),
        `≤ ${COST_AT_MOST.toFixed(2)}`.padStart(8),
      ];
      console.log(cells.join(' '));
      figures[`${name}: CPU ratio with monitoring`] = ratio;
      passed &&= ratio <= COST_AT_MOST;
    }
    const before = await costOf(empty, 'after a collection');
    const after = await costOf(emptyWatched, 'after a collection');
    const liveBytes = after.liveBytes - before.liveBytes;
    figures['live bytes of MemoryModule'] = liveBytes;
    figures['resident set of MemoryModule, bytes'] = after.rssBytes - before.rssBytes;
    console.log(
      `memory: ${megabytes(liveBytes)} MB live bytes with its code (limit: ${megabytes(BYTES_AT_MOST)} MB), ` +
        `resident set +${megabytes(after.rssBytes - before.rssBytes)} MB`,
    );
    passed &&= liveBytes <= BYTES_AT_MOST;
    const outsideMs = medianMs(() => outsideSample(process.pid));
    figures['ms of one sample of what is outside V8'] = outsideMs;
    console.log(
      `what is outside V8: ${outsideMs.toFixed(2)} ms per sample (limit: ${OUTSIDE_MS_AT_MOST} ms)`,
    );
    passed &&= outsideMs <= OUTSIDE_MS_AT_MOST;
  } finally {
    for (const { child } of [server, empty, emptyWatched]) child.disconnect();
  }
  return { figures, passed };
}

function medianMs(work: () => unknown): number {
  const took = Array.from({ length: OUTSIDE_SAMPLES }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return median(took);
}

async function pairsOf(server: Server, path: string) {
  const pairs: { rest: number; watch: number }[] = [];
  let now: 'rest' | 'watch' | undefined;
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const cost = { rest: 0, watch: 0 };
    // They take turns in going first, because the second slice finds warmer caches.
    for (const kind of pair % 2 === 0 ? (['rest', 'watch'] as const) : (['watch', 'rest'] as const)) {
      if (kind !== now) {
        await costOf(server, kind);
        // V8 recompiles code after the switch, which is not a cost of monitoring.
        await slice(server, path, SETTLE_REQUESTS);
        now = kind;
      }
      cost[kind] = (await slice(server, path, REQUESTS)).cpuPerRequest;
    }
    pairs.push(cost);
  }
  return pairs;
}
