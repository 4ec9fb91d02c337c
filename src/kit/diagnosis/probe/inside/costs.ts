import {
  EDGE_COSTS as SNAPSHOT_EDGE_COSTS,
  OBJECT_COSTS,
  ROOT_COSTS as SNAPSHOT_ROOT_COSTS,
} from '../../../heap/path/costs.js';

/** The walk and the path search in a snapshot name owners alike, so that a step costs the same in both. */
export const EDGE_COSTS = {
  property: SNAPSHOT_EDGE_COSTS.property,
  // Node and frameworks put their own state under symbols.
  symbol: SNAPSHOT_EDGE_COSTS.internal,
  entry: SNAPSHOT_EDGE_COSTS.entry,
  /** One more than the value: an object that is key and value is named by the value. */
  key: SNAPSHOT_EDGE_COSTS.entry + 1,
  variable: SNAPSHOT_EDGE_COSTS.variable,
  scope: SNAPSHOT_EDGE_COSTS.scope,
  outerScope: SNAPSHOT_EDGE_COSTS.outerScope,
  prototype: SNAPSHOT_EDGE_COSTS.prototype,
  bound: SNAPSHOT_EDGE_COSTS.internal,
  nest: SNAPSHOT_EDGE_COSTS.nest,
  /** Added to each property of a Nest module: its records mention everything. */
  nestRecord: SNAPSHOT_EDGE_COSTS.nestRecords,
  nextTimer: SNAPSHOT_EDGE_COSTS.nextTimer,
};

export const ROOT_COSTS = {
  ...SNAPSHOT_ROOT_COSTS,
  // `process` has a name, but everything that listens to signals hangs from it.
  process: SNAPSHOT_ROOT_COSTS.unknownModule,
};

const UNIVERSAL_KEYS = new Set<PropertyKey>(['prototype', 'constructor', '__proto__']);

/** What it costs to follow a property. */
export function propertyCost(key: PropertyKey): number {
  if (UNIVERSAL_KEYS.has(key)) return EDGE_COSTS.prototype;
  if (key === '_idleNext') return EDGE_COSTS.nextTimer;
  return typeof key === 'symbol' ? EDGE_COSTS.symbol : EDGE_COSTS.property;
}

/** What it costs to begin at a file. */
export function fileCost(file: string): number {
  return /[\\/]node_modules[\\/]/.test(file) ? ROOT_COSTS.dependency : ROOT_COSTS.ownModule;
}

/** What it costs to pass through an object of a class. */
export function classCost(className: string): number {
  return Object.hasOwn(OBJECT_COSTS, className) ? OBJECT_COSTS[className]! : 0;
}
