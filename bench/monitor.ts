import { megabytes } from '../src/command/format.js';
import { median } from './median.js';
import { costOf, slice, startServer, type Server } from './servers.js';

/**
 * One server that is watched and not watched in turn: two processes differ by more than what is sought, if only by how
 * V8 has compiled them. Short slices, so that whatever else the machine does weighs on both of a pair.
 */
const PAIRS = 41;
const REQUESTS = 10_000;
const SETTLE_REQUESTS = 5_000;
const WARM_UP_REQUESTS = 40_000;
/** Of the CPU time that a request takes. */
const COST_AT_MOST = 1.01;
const BYTES_AT_MOST = 8_000_000;

const cases = [
  { name: 'hit', path: '/users/bef76936c7d22e98f3d7b4c7e1aeef524da4ec1b48f871926fee43c5ec071a2d' },
  { name: 'miss', path: '/users/random' },
];

/** What watching costs: the service with and without it, in paired slices; and what an empty one gains. */
export async function monitorBench(): Promise<boolean> {
  console.log('Watched by MemoryModule against not watched: CPU time a request, medians of paired slices');
  console.log('case   not watched µs   watched µs   ratio (95 % interval)   wanted');
  const server = await startServer('nest');
  const empty = await startServer('empty');
  const emptyWatched = await startServer('empty watched');
  let good = true;
  try {
    for (const { name, path } of cases) {
      await slice(server, path, WARM_UP_REQUESTS);
      const pairs = await pairsOf(server, path);
      const ratios = pairs.map(({ rest, watch }) => watch / rest).toSorted((a, b) => a - b);
      const ratio = median(ratios);
      // The interval of a median by ranks (binomial), which asks nothing of the noise.
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
      good &&= ratio <= COST_AT_MOST;
    }
    const before = await costOf(empty, 'after a collection');
    const after = await costOf(emptyWatched, 'after a collection');
    const kept = after.liveBytes - before.liveBytes;
    console.log(
      `memory: ${megabytes(kept)} MB kept with all its code (wanted ≤ ${megabytes(BYTES_AT_MOST)}), ` +
        `resident set ${megabytes(after.rssBytes - before.rssBytes)} MB more`,
    );
    good &&= kept <= BYTES_AT_MOST;
  } finally {
    for (const { child } of [server, empty, emptyWatched]) child.disconnect();
  }
  return good;
}

async function pairsOf(server: Server, path: string) {
  const pairs: { rest: number; watch: number }[] = [];
  let now: 'rest' | 'watch' | undefined;
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const cost = { rest: 0, watch: 0 };
    // Each goes first in turn: whoever is second finds the machine warmer.
    for (const kind of pair % 2 === 0 ? (['rest', 'watch'] as const) : (['watch', 'rest'] as const)) {
      if (kind !== now) {
        await costOf(server, kind);
        // What V8 had compiled for the other state it compiles anew: that is no cost of watching.
        await slice(server, path, SETTLE_REQUESTS);
        now = kind;
      }
      cost[kind] = (await slice(server, path, REQUESTS)).cpuPerRequest;
    }
    pairs.push(cost);
  }
  return pairs;
}
