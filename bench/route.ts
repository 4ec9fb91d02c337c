import { median } from './median.js';
import { slice, startServer, type Slice } from './servers.js';

/** Pairs of slices: one server, then the other, so that both see the same machine. */
const PAIRS = 11;
const WARM_UP_REQUESTS = 40_000;
const kinds = ['nest', 'fastify'] as const;

const cases = [
  {
    name: 'hit',
    path: '/users/bef76936c7d22e98f3d7b4c7e1aeef524da4ec1b48f871926fee43c5ec071a2d',
    requests: 30_000,
    atLeast: 0.8,
  },
  { name: 'miss', path: '/users/random', requests: 30_000, atLeast: 0.9 },
];
const P99_AT_MOST = 1.5;

/** Nest's route against bare Fastify with the same schema, cache and directory: CPU a request, and the tail. */
export async function routeBench(): Promise<boolean> {
  const servers = { nest: await startServer('nest'), fastify: await startServer('fastify') };
  let good = true;
  try {
    console.log('Nest against bare Fastify: CPU time a request, medians of paired slices');
    console.log(`case   fastify µs   nest µs   fastify/nest   wanted   p99 nest/fastify   wanted`);
    for (const { name, path, requests, atLeast } of cases) {
      for (const kind of kinds) await slice(servers[kind], path, WARM_UP_REQUESTS);
      const pairs: { nest: Slice; fastify: Slice }[] = [];
      for (let pair = 0; pair < PAIRS; pair += 1) {
        pairs.push({
          fastify: await slice(servers.fastify, path, requests),
          nest: await slice(servers.nest, path, requests),
        });
      }
      const cpu = median(pairs.map(({ nest, fastify }) => fastify.cpuPerRequest / nest.cpuPerRequest));
      const p99 = median(pairs.map(({ nest, fastify }) => nest.p99Ms / fastify.p99Ms));
      const each = (kind: (typeof kinds)[number]): string =>
        median(pairs.map((one) => one[kind].cpuPerRequest)).toFixed(1);
      console.log(
        `${name.padEnd(5)} ${each('fastify').padStart(12)} ${each('nest').padStart(9)} ${cpu.toFixed(2).padStart(14)} ${`≥ ${atLeast.toFixed(2)}`.padStart(8)} ${p99.toFixed(2).padStart(18)} ${`≤ ${P99_AT_MOST.toFixed(2)}`.padStart(8)}`,
      );
      good &&= cpu >= atLeast && p99 <= P99_AT_MOST;
    }
  } finally {
    for (const { child } of Object.values(servers)) child.disconnect();
  }
  return good;
}
