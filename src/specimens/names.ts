/** The patterns whose leak V8 counts, by the names of their files. A mystery hides one of these. */
export const specimenNames = [
  'unbounded-map',
  'in-flight',
  'listeners',
  'abort-signals',
  'timers',
  'shared-scope',
  'promise-race',
  'finalizers',
  'weak-refs',
  'async-context',
  'subscriptions',
  'request-scope',
  'metric-labels',
  'buffer-pool',
  'sliced-strings',
  'audit-log',
  'offline-queue',
  'unequal-keys',
  'lazy-ttl',
] as const;
export type SpecimenName = (typeof specimenNames)[number];

/** The patterns whose leak is outside V8, and what of the process grows: the series of the ledger by which it is judged. */
export const outsideV8 = {
  'worker-threads': 'threads',
  'child-processes': 'children',
  'file-handles': 'files',
  'udp-sockets': 'sockets',
  'zlib-streams': 'native-memory',
  'tls-contexts': 'native-memory',
  'shared-buffers': 'native-memory',
  'wasm-memory': 'webassembly-memories',
} as const;
type OutsideName = keyof typeof outsideV8;

/** All patterns. Names are separate from the code, so that a command need not load it. */
export const patternNames = [...specimenNames, ...(Object.keys(outsideV8) as OutsideName[])] as const;
export type PatternName = (typeof patternNames)[number];

/** What of the process shows that a half leaks. */
export type JudgedBy = 'live-bytes' | (typeof outsideV8)[OutsideName];

export function judgedBy(name: PatternName): JudgedBy {
  return name in outsideV8 ? outsideV8[name as OutsideName] : 'live-bytes';
}
