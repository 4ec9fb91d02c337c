import { type CleanupTimers, LONGEST_WAIT_MS, type Retention } from './cleanup-timers.js';
import type { Introspection } from './introspection.js';
import { ownKeysOf, valueAt } from './reflect.js';
import type { ContainerKind, ContainerValue, Edge, WalkedContainer, WalkedGraph } from './walk-result.js';

/** How many retainers above a container are read. */
const MOST_RETAINERS = 4;
/** A cleanup timer belongs to the object that it removes entries from, or to the one around it. */
const RETAINERS_WITH_TIMERS = 2;
/** Entries that are read for an expiry. */
const OLDEST = 8;
const MOST_PROPERTIES = 60;
const OPTIONS = /^[_#]?(opt|config|setting)/i;
const EXPIRY = /expir|until|deadline|valid|ttl/i;

/** A number near a container: in a property of a retainer, or in a variable beside it. */
export interface NearbyNumber {
  name: string;
  value: number;
}

/** Until when an entry is valid: by a timer that runs then, or by a number that only code can act on. */
export interface Expiry extends NearbyNumber {
  isTimer?: boolean;
}

/** What is near a container and may say how many entries it has at most, and for how long. */
export interface BoundHints {
  numbers: NearbyNumber[];
  /** Periods of the timers that remove entries, in milliseconds. */
  cleanupsMs: number[];
  /** Until when the oldest entries are valid, by their own fields and timers, in milliseconds since 1970. */
  expiries: Expiry[];
  /** Scripts whose code may bound it: of the variable that leads to it, and of the classes that retain it. */
  scripts: string[];
}

type NamedValue = [name: string, value: unknown];

/** Collects the hints. Whether one of them is a bound is decided outside of the target (`walk/bounds.ts`). */
export class BoundHintsReader {
  readonly #introspection: Introspection;
  readonly #cleanupTimers: CleanupTimers;

  constructor(introspection: Introspection, cleanupTimers: CleanupTimers) {
    this.#introspection = introspection;
    this.#cleanupTimers = cleanupTimers;
  }

  read(container: WalkedContainer, graph: WalkedGraph): BoundHints {
    const retentions = retentionsOf(container, graph);
    const classes = [container.object, ...retentions.map(({ retainer }) => retainer)];
    const variables = retentions.map(({ edge }) => edge.script ?? '');
    const periods = retentions
      .slice(0, RETAINERS_WITH_TIMERS)
      .flatMap((retention) => this.#cleanupTimers.periodsMs(retention, graph));
    return {
      numbers: this.#numbers(container.kind, container.object, retentions),
      cleanupsMs: [...new Set(periods)],
      expiries: this.#expiriesIn(container),
      scripts: [...new Set([...classes.map((object) => this.#scriptOf(object)), ...variables])].filter(
        Boolean,
      ),
    };
  }

  /** @returns what reads the numbers again, as they are then, without the rest of the walk */
  numbersAround(container: WalkedContainer, graph: WalkedGraph): () => NearbyNumber[] {
    const retentions = retentionsOf(container, graph);
    const { kind, object } = container;
    return () => this.#numbers(kind, object, retentions);
  }

  #numbers(kind: ContainerKind, object: object, retentions: Retention[]): NearbyNumber[] {
    const own = kind === 'Object' ? [] : this.#numbersIn(this.#propertiesOf(object));
    return [...own, ...retentions.flatMap((retention) => this.#numbersIn(this.#besides(retention)))];
  }

  #numbersIn(values: NamedValue[], prefix = ''): NearbyNumber[] {
    return values.flatMap(([name, value]): NearbyNumber[] => {
      if (typeof value === 'number' && Number.isFinite(value)) return [{ name: prefix + name, value }];
      const isOptions =
        prefix === '' && this.#introspection.reflection.isReadable(value) && OPTIONS.test(name);
      return isOptions ? this.#numbersIn(this.#propertiesOf(value), `${name}.`) : [];
    });
  }

  /** What is beside an object: the other variables of its scope, or the other properties of its retainer. */
  #besides({ edge, retainer }: Retention): NamedValue[] {
    const { inspector } = this.#introspection;
    if (edge.kind === 'variable') {
      const scopes = inspector.functionDetails(retainer)?.scopes ?? [];
      return [...(scopes.find(({ variables }) => variables.has(edge.name))?.variables ?? [])];
    }
    const properties = this.#propertiesOf(retainer);
    return edge.kind === 'private' ? [...properties, ...inspector.privateFields(retainer)] : properties;
  }

  #propertiesOf(object: object): NamedValue[] {
    if (this.#introspection.types.isProxy(object) || Array.isArray(object)) return [];
    return ownKeysOf(object)
      .slice(0, MOST_PROPERTIES)
      .map((key) => [String(key), valueAt(object, key)]);
  }

  #expiriesIn(container: WalkedContainer): Expiry[] {
    const now = Date.now();
    if (container.kind === 'List') {
      // A list of timers: timers that run once and soon leave it by themselves.
      const timer = this.#cleanupTimers.runningTimer(container.object);
      const expires = timer?.everyMs === null && timer.dueMs <= LONGEST_WAIT_MS;
      return expires ? [{ name: 'timer', value: now + timer.dueMs, isTimer: true }] : [];
    }
    return oldestIn(container).flatMap((entry) =>
      this.#introspection.reflection.isReadable(entry)
        ? this.#propertiesOf(entry).flatMap((property) => this.#expiryIn(property, now))
        : [],
    );
  }

  #expiryIn([name, value]: NamedValue, now: number): Expiry[] {
    const timer = this.#cleanupTimers.runningTimer(value);
    if (timer?.everyMs === null) return [{ name, value: now + timer.dueMs, isTimer: true }];
    if (!EXPIRY.test(name)) return [];
    const at = this.#introspection.types.isDate(value) ? Date.prototype.getTime.call(value) : value;
    return typeof at === 'number' ? [{ name, value: at }] : [];
  }

  /** The script of an object's class; empty for classes of V8 and Node. */
  #scriptOf(object: object): string {
    const prototype = this.#introspection.reflection.prototypeOf(object);
    const constructor = prototype && valueAt(prototype, 'constructor');
    return typeof constructor === 'function'
      ? (this.#introspection.inspector.positionOf(constructor)?.script ?? '')
      : '';
  }
}

/** What retains a container, the nearest first, up to the variable or the root that begins its path. */
function retentionsOf({ node }: WalkedContainer, { objects, parents, edges }: WalkedGraph): Retention[] {
  const retentions: Retention[] = [];
  for (let at = node; retentions.length < MOST_RETAINERS; at = parents[at]!) {
    const parent = parents[at]!;
    const edge: Edge = edges[at]!;
    if (parent < 0 || edge.kind === 'nest') break;
    retentions.push({ retained: objects[at]!, edge, retainer: objects[parent]! });
    if (edge.kind === 'variable') break;
  }
  return retentions;
}

/** The first entries of a container, which are the oldest where nothing moves them. */
function oldestIn(container: ContainerValue): unknown[] {
  switch (container.kind) {
    case 'Array': {
      const { object } = container;
      return Array.from({ length: Math.min(object.length, OLDEST) }, (_, at) => valueAt(object, at));
    }
    case 'Object': {
      const { object } = container;
      return ownKeysOf(object)
        .slice(0, OLDEST)
        .map((key) => valueAt(object, key));
    }
    case 'Map':
      return first(Map.prototype.values.call(container.object));
    case 'Set':
      return first(Set.prototype.values.call(container.object));
    case 'List':
    case 'Buffer':
    case 'String':
      return [];
  }
}

function first(values: Iterable<unknown>): unknown[] {
  const some: unknown[] = [];
  for (const value of values) if (some.push(value) >= OLDEST) break;
  return some;
}
