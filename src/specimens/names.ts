/** The patterns, by the names of their files. They are separate from the code, so that a command need not load it. */
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
