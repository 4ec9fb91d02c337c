import { median } from './median.js';
import type { Figures, Outcome } from './outcome.js';
import { slice, startServer, type Slice } from './servers.js';

/** Rounds of slices, one server after the other, so that all servers run under the same conditions. */
const ROUNDS = 11;
const WARM_UP_REQUESTS = 40_000;
const kinds = ['fastify', 'nest alone', 'nest'] as const;
type Kind = (typeof kinds)[number];

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

/**
 * The route of the service compared with bare Fastify with the same schema, cache and directory: CPU time per request
 * and p99 latency. Also the route on Nest alone, without monitoring and console.
 */
export async function routeBench(): Promise<Outcome> {
  const figures: Figures = {};
  const servers = {
    fastify: await startServer('fastify'),
    'nest alone': await startServer('nest alone'),
    nest: await startServer('nest'),
  };
  let passed = true;
  try {
    console.log('Nest compared with bare Fastify: CPU time per request, medians of paired slices');
    console.log(
      'case   fastify µs   nest alone µs   service µs   fastify/nest alone   fastify/service    limit   p99 service/fastify    limit',
    );
    for (const { name, path, requests, atLeast } of cases) {
      for (const kind of kinds) await slice(servers[kind], path, WARM_UP_REQUESTS);
      const rounds: Record<Kind, Slice>[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        rounds.push({
          fastify: await slice(servers.fastify, path, requests),
          'nest alone': await slice(servers['nest alone'], path, requests),
          nest: await slice(servers.nest, path, requests),
        });
      }
      const share = (kind: Kind): number =>
        median(rounds.map((one) => one.fastify.cpuPerRequest / one[kind].cpuPerRequest));
      const cpu = share('nest');
      const p99 = median(rounds.map(({ nest, fastify }) => nest.p99Ms / fastify.p99Ms));
      figures[`${name}: CPU fastify/service`] = cpu;
      figures[`${name}: CPU fastify/nest alone`] = share('nest alone');
      figures[`${name}: p99 service/fastify`] = p99;
      const each = (kind: Kind): string => median(rounds.map((one) => one[kind].cpuPerRequest)).toFixed(1);
      console.log(
        `${name.padEnd(5)} ${each('fastify').padStart(12)} ${each('nest alone').padStart(15)} ${each('nest').padStart(12)} ${share('nest alone').toFixed(2).padStart(20)} ${cpu.toFixed(2).padStart(17)} ${`≥ ${atLeast.toFixed(2)}`.padStart(8)} ${p99.toFixed(2).padStart(21)} ${`≤ ${P99_AT_MOST.toFixed(2)}`.padStart(8)}`,
      );
      passed &&= cpu >= atLeast && p99 <= P99_AT_MOST;
    }
  } finally {
    for (const { child } of Object.values(servers)) child.disconnect();
  }
  return { figures, passed };
}
