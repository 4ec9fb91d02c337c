import { megabytes } from '../src/command/format.js';
import { median } from './median.js';
import { costOf, slice, startServer, type Server } from './servers.js';

const PAIRS = 21;
const WARM_UP_REQUESTS = 40_000;
const REQUESTS = 20_000;
/** Of the CPU time that a request takes. */
const COST_AT_MOST = 1.01;
const BYTES_AT_MOST = 8_000_000;

const cases = [
  { name: 'hit', path: '/users/bef76936c7d22e98f3d7b4c7e1aeef524da4ec1b48f871926fee43c5ec071a2d' },
  { name: 'miss', path: '/users/random' },
];

/** What watching costs: the same service with and without it, in paired slices; and what an empty one gains. */
export async function monitorBench(): Promise<boolean> {
  console.log('Watched by MemoryModule against not watched: CPU time a request, medians of paired slices');
  console.log('case   unwatched µs   watched µs    ratio (quartiles)        wanted');
  const servers: Record<string, Server> = {
    unwatched: await startServer('nest unwatched'),
    watched: await startServer('nest'),
    empty: await startServer('empty'),
    emptyWatched: await startServer('empty watched'),
  };
  const { unwatched, watched, empty, emptyWatched } = servers;
  let good = true;
  try {
    for (const { name, path } of cases) {
      for (const server of [unwatched!, watched!]) await slice(server, path, WARM_UP_REQUESTS);
      const pairs: { without: number; with: number }[] = [];
      for (let pair = 0; pair < PAIRS; pair += 1) {
        // Each goes first in turn: whoever is second finds the machine warmer.
        const order = pair % 2 === 0 ? [unwatched!, watched!] : [watched!, unwatched!];
        const costs = new Map<Server, number>();
        for (const server of order) costs.set(server, (await slice(server, path, REQUESTS)).cpuPerRequest);
        pairs.push({ without: costs.get(unwatched!)!, with: costs.get(watched!)! });
      }
      const ratios = pairs.map((pair) => pair.with / pair.without).toSorted((a, b) => a - b);
      const ratio = median(ratios);
      const quartiles = [ratios[PAIRS >> 2]!, ratios[(3 * PAIRS) >> 2]!]
        .map((one) => one.toFixed(3))
        .join('–');
      console.log(
        `${name.padEnd(5)} ${median(pairs.map((pair) => pair.without))
          .toFixed(1)
          .padStart(14)} ` +
          `${median(pairs.map((pair) => pair.with))
            .toFixed(1)
            .padStart(12)} ` +
          `${`${ratio.toFixed(3)} (${quartiles})`.padStart(20)} ${`≤ ${COST_AT_MOST.toFixed(2)}`.padStart(13)}`,
      );
      good &&= ratio <= COST_AT_MOST;
    }
    const before = await costOf(empty!, 'after a collection');
    const after = await costOf(emptyWatched!, 'after a collection');
    const kept = after.keptBytes - before.keptBytes;
    console.log(
      `memory: ${megabytes(kept)} MB kept with all its code (wanted ≤ ${megabytes(BYTES_AT_MOST)}), ` +
        `resident set ${megabytes(after.rssBytes - before.rssBytes)} MB more`,
    );
    good &&= kept <= BYTES_AT_MOST;
  } finally {
    for (const { child } of Object.values(servers)) child.disconnect();
  }
  return good;
}
