/** The patterns of the gallery, by the name of their file. Apart from the code, so that a command need not load it. */
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
