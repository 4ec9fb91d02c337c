import { outsideV8, type PatternName } from '../../src/specimens/names.js';
import { findOrder, isOneIn } from '../../src/specimens/order.js';
import * as outside from './outside-gauges.js';
import { afterCollection, type SpecimenApp } from './specimens.js';

/** How to measure what a half retains, and the most that a fixed half may retain after this many requests. */
export interface Gauge {
  most: number;
  requests: number;
  measure: (app: SpecimenApp) => number;
}

/** The bound is 100, and one or two answers may still be on their way to the client. */
const liveAnswers: Gauge = { most: 110, requests: 400, measure: (app) => app.alive() };

const heap = (): number => process.memoryUsage().heapUsed;

/** Patterns that retain something other than their answers. */
const others: Partial<Record<PatternName, Gauge>> = {
  // The values are collected in both halves; the entries of the leaky half stay.
  'weak-refs': {
    most: 110,
    requests: 400,
    measure: (app) => (app.specimen() as unknown as { orders: Map<string, unknown> }).orders.size,
  },
  // These retain memory that is no object of the program. Measured: 2 MB (on Node 26; 4 MB before), 3.2 MB and 1.6 MB
  // in the leaky halves, and 0.2, 0.02 and 0 MB at most in the fixed ones.
  'promise-race': { most: 700_000, requests: 8_000, measure: heap },
  'sliced-strings': { most: 1_000_000, requests: 400, measure: heap },
  'buffer-pool': { most: 400_000, requests: 400, measure: () => process.memoryUsage().arrayBuffers },
  // Every request takes the path that only one in many does. Measured in the leaky halves: one of each per request, and
  // 15.8 and 11.0 MB of malloc; in the fixed ones 0, and at most 0.06 MB.
  'worker-threads': { most: 2, requests: 8, measure: outside.threads },
  'child-processes': { most: 2, requests: 8, measure: outside.children },
  'file-handles': { most: 2, requests: 8, measure: outside.openFiles },
  'udp-sockets': { most: 2, requests: 8, measure: outside.sockets },
  'wasm-memory': { most: 2, requests: 8, measure: outside.webAssemblyMemories },
  'zlib-streams': { most: 1_000_000, requests: 40, measure: outside.mallocInUse },
  // A context takes little, and malloc in use changes by up to 4.6 MB with what V8 compiles meanwhile: many requests, of
  // which the leaky half keeps 15.6 MB or more.
  'tls-contexts': { most: 8_000_000, requests: 1_200, measure: outside.mallocInUse },
  'shared-buffers': { most: 1_000_000, requests: 40, measure: outside.mallocInUse },
};

export const isOutside = (name: PatternName): boolean => name in outsideV8;

const ids = (from: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${from}-${index}`);

/** A multiple of all that the specimens take: such an order takes the expensive path in each. */
const ONE_IN = 400;
async function expensiveIds(from: string, count: number): Promise<string[]> {
  const found: string[] = [];
  for (let index = 0; found.length < count; index += 1) {
    const id = `${from}-${index}`;
    if (isOneIn(ONE_IN, await findOrder(id))) found.push(id);
  }
  return found;
}

export const gaugeOf = (name: PatternName): Gauge => others[name] ?? liveAnswers;

/** Ids of requests that take the path that leaks. */
export async function idsOf(name: PatternName, from: string, count: number): Promise<string[]> {
  return isOutside(name) ? expensiveIds(from, count) : ids(from, count);
}

/**
 * What a half retains more after its requests than before, when garbage was collected.
 *
 * @param enough no further collection is needed below this
 */
export async function retainedBy(app: SpecimenApp, name: PatternName, enough = Infinity): Promise<number> {
  const { requests, measure } = gaugeOf(name);
  const send = async (asked: string[]): Promise<unknown> => {
    if (!(name in others)) return app.ask(asked);
    for (const id of asked) await app.specimen().handle(id); // the memory of HTTP requests would be noise
    return undefined;
  };
  await send(await idsOf(name, 'warm', requests / 4)); // at least as many as the bound
  const before = await afterCollection(() => measure(app), { fewest: name in others ? 5 : 1 });
  await send(await idsOf(name, 'more', requests));
  return afterCollection(() => measure(app) - before, { enough });
}
