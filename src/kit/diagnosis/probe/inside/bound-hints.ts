import type { types as utilTypes } from 'node:util';
import type { Mirror } from './inspector.js';
import type { Sweeps } from './cleanup-timers.js';
import type { Container, Edge, Walked } from './types.js';

/** A number that stands near a container: on who holds it, or beside it. */
export interface NearbyNumber {
  name: string;
  value: number;
}

/** What stands near a container and may tell how long it keeps what it has, and how much of it. */
export interface Nearby {
  numbers: NearbyNumber[];
  /** Periods of the timers that seem to empty it, in milliseconds. */
  sweepsMs: number[];
  /** Of the oldest entries: until when they are good, by their own fields and timers. */
  expiries: NearbyNumber[];
  /** Scripts whose code may bound it: of the variable that leads to it, and of the classes that hold it. */
  scripts: string[];
}

/** One step of what leads to a container. */
interface Station {
  held: object;
  edge: Edge;
  holder: object;
}

export interface LookNearby {
  look(container: Container, walked: Walked): Nearby;
  /** @returns what tells the numbers as they are when it is asked, without the rest of the walk. */
  numbersAround(container: Container, walked: Walked): () => NearbyNumber[];
}

/** Runs inside the patient, from its source: it may use nothing but what it is given. */
export function makeNearby(mirror: Mirror, types: typeof utilTypes, sweeps: Sweeps): LookNearby {
  const HOLDERS = 4;
  const OLDEST = 8;
  const MOST_PROPERTIES = 60;
  const SOON_MS = 10 * 60_000;
  /** A sweeper belongs to the object that it sweeps, or to the one around it. */
  const SWEEPING_HOLDERS = 2;

  const isRecord = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !types.isProxy(value);

  function propertiesOf(object: object): [name: string, value: unknown][] {
    if (types.isProxy(object) || Array.isArray(object)) return [];
    return Reflect.ownKeys(object)
      .slice(0, MOST_PROPERTIES)
      .map((key) => [String(key), Object.getOwnPropertyDescriptor(object, key)?.value]);
  }

  function numbersOf(properties: [name: string, value: unknown][], prefix = ''): NearbyNumber[] {
    return properties.flatMap(([name, value]): NearbyNumber[] => {
      if (typeof value === 'number' && Number.isFinite(value)) return [{ name: prefix + name, value }];
      const isOptions = prefix === '' && isRecord(value) && /^[_#]?(opt|config|setting)/i.test(name);
      return isOptions ? numbersOf(propertiesOf(value), `${name}.`) : [];
    });
  }

  function oldestOf({ kind, object }: Container): unknown[] {
    if (kind === 'Array') return (object as unknown[]).slice(0, OLDEST);
    if (kind === 'Object') {
      return Reflect.ownKeys(object)
        .slice(0, OLDEST)
        .map((key) => Object.getOwnPropertyDescriptor(object, key)?.value as unknown);
    }
    if (kind !== 'Map' && kind !== 'Set') return [];
    const values = kind === 'Map' ? Map.prototype.values : Set.prototype.values;
    const oldest: unknown[] = [];
    for (const value of Reflect.apply(values as () => Iterable<unknown>, object, [])) {
      if (oldest.push(value) >= OLDEST) break;
    }
    return oldest;
  }

  function expiriesOf(container: Container): NearbyNumber[] {
    const now = Date.now();
    if (container.kind === 'List') {
      // Timers themselves: those that are due soon go by themselves, an interval or a day's wait does not.
      const timer = sweeps.timerIn(container.object);
      const goes = timer?.everyMs === null && timer.dueMs <= SOON_MS;
      return goes ? [{ name: 'timer', value: now + timer.dueMs }] : [];
    }
    return oldestOf(container).flatMap((entry): NearbyNumber[] => {
      if (!isRecord(entry)) return [];
      return propertiesOf(entry).flatMap(([name, value]): NearbyNumber[] => {
        const timer = sweeps.timerIn(value);
        if (timer?.everyMs === null) return [{ name, value: now + timer.dueMs }];
        if (!/expir|until|deadline|valid|ttl/i.test(name)) return [];
        const at = types.isDate(value) ? Date.prototype.getTime.call(value) : value;
        return typeof at === 'number' ? [{ name, value: at }] : [];
      });
    });
  }

  /** Of the class of an object; empty of what V8 or Node made. */
  function scriptOf(object: object): string {
    const prototype = types.isProxy(object) ? null : (Object.getPrototypeOf(object) as object | null);
    const made: unknown = prototype && Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    return typeof made === 'function' ? (mirror.functionInside(made)?.script ?? '') : '';
  }

  /** What leads to a container, from the nearest: each holder, and by which edge it holds. */
  function stationsOf({ node }: Container, { objects, parents, edges }: Walked): Station[] {
    const stations: Station[] = [];
    for (let at = node; stations.length < HOLDERS; at = parents[at]!) {
      const [parent, edge] = [parents[at]!, edges[at]!];
      if (parent < 0 || edge.kind === 'nest') break;
      stations.push({ held: objects[at]!, edge, holder: objects[parent]! });
      if (edge.kind === 'variable') break;
    }
    return stations;
  }

  function numbersAt({ kind, object }: Container, stations: Station[]): NearbyNumber[] {
    const own = kind === 'Object' ? [] : numbersOf(propertiesOf(object));
    return [...own, ...stations.flatMap(({ edge, holder }) => numbersOf(besides(edge, holder)))];
  }

  /** What stands beside something: the other variables of its scope, or the other properties of its holder. */
  function besides({ kind, name }: Edge, holder: object): [name: string, value: unknown][] {
    if (kind === 'variable') {
      const scopes = mirror.functionInside(holder)?.scopes ?? [];
      return [...(scopes.find(({ variables }) => variables.has(name))?.variables ?? [])];
    }
    const near = propertiesOf(holder);
    if (kind === 'private') near.push(...mirror.privateFields(holder));
    return near;
  }

  return {
    look(container, walked) {
      const stations = stationsOf(container, walked);
      const classes = [container.object, ...stations.map(({ holder }) => holder)].map(scriptOf);
      const variables = stations.map(({ edge }) => edge.script ?? '');
      return {
        numbers: numbersAt(container, stations),
        sweepsMs: stations
          .slice(0, SWEEPING_HOLDERS)
          .flatMap(({ held, edge, holder }) => sweeps.of(held, edge, holder, walked))
          .filter((everyMs, at, all) => all.indexOf(everyMs) === at),
        expiries: expiriesOf(container),
        scripts: [...new Set([...classes, ...variables])].filter(Boolean),
      };
    },
    numbersAround(container, walked) {
      const stations = stationsOf(container, walked);
      const { kind, object } = container;
      return () => numbersAt({ kind, object } as Container, stations);
    },
  };
}
