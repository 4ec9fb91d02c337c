import type { types as utilTypes } from 'node:util';
import type { Mirror } from './mirror.js';
import type { Container, Walked } from './walked.js';

/** A number that stands near a container: on who holds it, or beside it. */
export interface NearbyNumber {
  name: string;
  value: number;
}

/** What stands near a container and may tell how long it keeps what it has, and how much of it. */
export interface Nearby {
  numbers: NearbyNumber[];
  /** Periods of the intervals that seem to empty it, in milliseconds. */
  sweepsMs: number[];
  /** Of the oldest entries: until when they are good, by their own fields and timers. */
  expiries: NearbyNumber[];
}

export type LookNearby = (container: Container, walked: Walked) => Nearby;

/** Runs inside the patient, from its source: it may use nothing but what it is given. */
export function makeNearby(mirror: Mirror, types: typeof utilTypes): LookNearby {
  const HOLDERS = 4;
  const OLDEST = 8;
  const MOST_PROPERTIES = 60;
  const SOON_MS = 10 * 60_000;
  const MOST_TIMERS = 32;
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

  /** One of Node's timers that still runs: how long from now, or every how long. */
  function timerIn(value: unknown): { dueMs: number; everyMs: number | null; call: unknown } | null {
    if (!isRecord(value) || !('_idleTimeout' in value) || !('_onTimeout' in value)) return null;
    const { _idleTimeout, _repeat, _destroyed, _onTimeout } = value as Record<string, unknown>;
    if (_destroyed === true || typeof _idleTimeout !== 'number' || _idleTimeout < 0) return null;
    return {
      dueMs: _idleTimeout,
      everyMs: typeof _repeat === 'number' ? _repeat : null,
      call: _onTimeout,
    };
  }

  /** What a callback says of emptying: a report or a heartbeat says nothing of the kind. */
  const EMPTIES =
    /delete|clear|clean|evict|expire|prune|purge|sweep|remove|reset|flush|drain|trim|rotate|check|splice|shift|\.length = 0|= new /i;

  function sourceOf(call: unknown): string {
    return typeof call === 'function' && !types.isProxy(call) ? Function.prototype.toString.call(call) : '';
  }

  /** Of intervals that its holder keeps. Node's own stand under symbols. */
  function keptSweeps(properties: [name: string, value: unknown][]): number[] {
    return properties.flatMap(([name, value]): number[] => {
      const timer = name.startsWith('Symbol(') ? null : timerIn(value);
      return timer?.everyMs && EMPTIES.test(sourceOf(timer.call)) ? [timer.everyMs] : [];
    });
  }

  interface Sweep {
    everyMs: number;
    source: string;
    variables: [name: string, value: unknown][];
  }

  /** Intervals that nobody keeps, with what their callbacks can reach. */
  function sweepsIn({ objects, edges }: Walked): Sweep[] {
    const sweeps: Sweep[] = [];
    for (const [node, { kind, name }] of edges.entries()) {
      if (kind !== 'root' || !name.startsWith('timers of')) continue;
      const first = objects[node]!;
      let at: unknown = first;
      for (let link = 0; link < MOST_TIMERS && isRecord(at) && (link === 0 || at !== first); link += 1) {
        const timer = timerIn(at);
        const source = sourceOf(timer?.call);
        if (timer?.everyMs && EMPTIES.test(source)) {
          const scopes = mirror.functionInside(timer.call as object)?.scopes ?? [];
          const variables = scopes.flatMap(({ variables }) => Array.from(variables));
          sweeps.push({ everyMs: timer.everyMs, source, variables });
        }
        at = (at as { _idleNext?: unknown })._idleNext;
      }
    }
    return sweeps;
  }

  let known: { walked: Walked; sweeps: Sweep[] } | null = null;

  /** Of intervals whose callback names the variable that something is. */
  function sweepsOf(object: object, walked: Walked): number[] {
    if (known?.walked !== walked) known = { walked, sweeps: sweepsIn(walked) };
    return known.sweeps
      .filter(({ source, variables }) =>
        variables.some(([name, value]) => value === object && source.includes(name)),
      )
      .map(({ everyMs }) => everyMs);
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
      const timer = timerIn(container.object);
      const goes = timer?.everyMs === null && timer.dueMs <= SOON_MS;
      return goes ? [{ name: 'timer', value: now + timer.dueMs }] : [];
    }
    return oldestOf(container).flatMap((entry): NearbyNumber[] => {
      if (!isRecord(entry)) return [];
      return propertiesOf(entry).flatMap(([name, value]): NearbyNumber[] => {
        const timer = timerIn(value);
        if (timer?.everyMs === null) return [{ name, value: now + timer.dueMs }];
        if (!/expir|until|deadline|valid|ttl/i.test(name)) return [];
        const at = types.isDate(value) ? Date.prototype.getTime.call(value) : value;
        return typeof at === 'number' ? [{ name, value: at }] : [];
      });
    });
  }

  return (container, walked) => {
    const { objects, parents, edges } = walked;
    const own = propertiesOf(container.object);
    const numbers = container.kind === 'Object' ? [] : numbersOf(own);
    const sweepsMs = sweepsOf(container.object, walked);
    let at = container.node;
    for (let up = 0; up < HOLDERS; up += 1) {
      const parent = parents[at]!;
      const edge = edges[at]!;
      if (parent < 0 || edge.kind === 'nest') break;
      const holder = objects[parent]!;
      const isVariable = edge.kind === 'variable';
      const scope = isVariable
        ? mirror.functionInside(holder)?.scopes.find(({ variables }) => variables.has(edge.name))
        : undefined;
      const near = isVariable ? [...(scope?.variables ?? [])] : propertiesOf(holder);
      if (edge.kind === 'private') near.push(...mirror.privateFields(holder));
      numbers.push(...numbersOf(near));
      if (up < SWEEPING_HOLDERS) sweepsMs.push(...keptSweeps(near), ...sweepsOf(holder, walked));
      if (isVariable) break;
      at = parent;
    }
    return { numbers, sweepsMs: [...new Set(sweepsMs)], expiries: expiriesOf(container) };
  };
}
