import { type NameSource, SourceMaps } from '../../src/kit/diagnosis/naming/index.js';
import type { GrownContainer, RouteStep } from '../../src/kit/diagnosis/probe/index.js';
import type { BetweenWalks } from '../../src/kit/diagnosis/walk/between-walks.js';

/** Routes and containers as a walk reports them, for the stages that read them. */
export const files = { own: '/app/src/users.js', limiter: '/app/node_modules/limiter/index.js' };
export const source: NameSource = {
  scripts: new Map(Object.entries(files).map(([id, url]) => [id, { id, url, sourceMapUrl: '' }])),
  maps: new SourceMaps(),
  sources: new Map(),
  folder: '/app',
};

type Kind = RouteStep['edge']['kind'];
export const step = (
  kind: Kind,
  name: string,
  className: string,
  script?: string,
  scope = '',
): RouteStep => ({
  edge: { kind, name, ...(script === undefined ? {} : { script, scope, line: 1, column: 1 }) },
  className,
});
export const server = [step('root', 'Server', 'Server'), step('property', '_events', 'Object')];

export const grown = (other: Partial<GrownContainer>): GrownContainer => ({
  index: 0,
  kind: 'Map',
  className: 'Map',
  entries: 10_000,
  entryClass: 'Object',
  keys: [],
  route: [step('variable', 'cache', 'Map', 'own')],
  nearby: { numbers: [], cleanupsMs: [], expiries: [], scripts: [] },
  calls: null,
  containers: 1,
  born: 0,
  replaced: 0,
  gone: 0,
  total: 10_000,
  gained: 1_000,
  bytesPerEntry: 100,
  mostBytesPerEntry: other.bytesPerEntry ?? 100,
  heldBytesPerEntry: other.bytesPerEntry ?? 100,
  arrows: [],
  overlaps: [],
  ...other,
});
export const between: BetweenWalks = {
  bytesPerWork: 100,
  unit: 'request',
  work: 1_000,
  workInAll: 10_000,
  heapLimitBytes: 4e9,
  liveBytes: 100e6,
  measuredMs: 60_000,
};

export const allocation = (bytes: number, isEntry = false) => ({
  function: 'open',
  script: 'own',
  line: 8,
  column: 3,
  bytes,
  isEntry,
});
