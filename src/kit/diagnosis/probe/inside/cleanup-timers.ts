import type { types as utilTypes } from 'node:util';
import type { Mirror } from './inspector.js';
import type { Objects } from './reflect.js';
import type { Edge, Walked } from './types.js';

/** One of Node's timers that still runs. */
export interface RunningTimer {
  dueMs: number;
  /** How often; null where it runs once. */
  everyMs: number | null;
  call: unknown;
}

/** Who empties what, and how often. */
export interface Sweeps {
  timerIn(value: unknown): RunningTimer | null;
  /** Periods of the timers that seem to empty what is found at an edge of its holder, in milliseconds. */
  of(object: object, edge: Edge, holder: object, walked: Walked): number[];
}

/** Runs inside the patient, from its source: it may use nothing but what it is given. */
export function makeSweeps(
  mirror: Mirror,
  types: typeof utilTypes,
  { sourceOf: codeAt, declaresPrivate }: Objects,
): Sweeps {
  const MOST_TIMERS = 32;
  /** Of timers that run the same code, in one list: each look behind a function takes a tenth of a millisecond. */
  const MOST_OF_CODE = 3;
  const MOST_PROPERTIES = 60;
  const LONGEST_METHOD = 1_500;
  /** Who waits longer to let go of one entry has no sweep. */
  const SOON_MS = 10 * 60_000;
  /** What a callback says of emptying: a report or a heartbeat says nothing of the kind. */
  const EMPTIES =
    /delete|clear|clean|evict|expire|prune|purge|sweep|remove|reset|flush|drain|trim|rotate|check|splice|shift|\.length = 0|= (?:new |\[\]|\{\})/i;

  /** Or its method does, or what is bound. */
  const MAY_EMPTY = new RegExp(String.raw`${EMPTIES.source}|\b(?:this|self|that)\b|\[native code\]`, 'i');

  interface Sweep {
    everyMs: number;
    source: string;
    variables: [name: string, value: unknown][];
    /** What it is bound to, where it is a bound function. */
    self: unknown;
  }

  const isRecord = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !types.isProxy(value);

  const sourceOf = (call: unknown): string => (typeof call === 'function' ? codeAt(call) : '');

  function timerIn(value: unknown): RunningTimer | null {
    if (!isRecord(value) || !('_idleTimeout' in value) || !('_onTimeout' in value)) return null;
    const { _idleTimeout, _repeat, _destroyed, _onTimeout } = value as Record<string, unknown>;
    if (_destroyed === true || typeof _idleTimeout !== 'number' || _idleTimeout < 0) return null;
    return {
      dueMs: _idleTimeout,
      everyMs: typeof _repeat === 'number' ? _repeat : null,
      call: _onTimeout,
    };
  }

  /** One that runs once lets go of one entry, or starts the next when it has run. */
  function sweepBy(timer: RunningTimer | null): Sweep | null {
    if (!timer || typeof timer.call !== 'function' || types.isProxy(timer.call)) return null;
    const everyMs = timer.everyMs ?? (timer.dueMs <= SOON_MS ? timer.dueMs : 0);
    if (everyMs <= 0) return null;
    const inside = mirror.functionInside(timer.call);
    const bound = (what: string): unknown => inside?.bound.find(([name]) => name === what)?.[1];
    const target = bound('[[TargetFunction]]');
    return {
      everyMs,
      source: sourceOf(target ?? timer.call),
      variables: (inside?.scopes ?? []).flatMap(({ variables }) => Array.from(variables)),
      self: bound('[[BoundThis]]'),
    };
  }

  /** Of timers that nobody keeps. */
  function sweepsIn({ objects, edges }: Walked): Sweep[] {
    const sweeps: Sweep[] = [];
    for (const [node, { kind, name }] of edges.entries()) {
      if (kind !== 'root' || !name.startsWith('timers of')) continue;
      const first = objects[node]!;
      const seen = new Map<string, number>();
      let at: unknown = first;
      for (let link = 0; link < MOST_TIMERS && isRecord(at) && (link === 0 || at !== first); link += 1) {
        const timer = timerIn(at);
        const source = sourceOf(timer?.call);
        const times = (seen.get(source) ?? 0) + 1;
        seen.set(source, times);
        const sweep = times <= MOST_OF_CODE && MAY_EMPTY.test(source) ? sweepBy(timer) : null;
        if (sweep) sweeps.push(sweep);
        at = (at as { _idleNext?: unknown })._idleNext;
      }
    }
    return sweeps;
  }

  let known: { walked: Walked; sweeps: Sweep[] } | null = null;

  /** Of intervals that its holder keeps. Node's own stand under symbols. */
  function keptBy(holder: object): Sweep[] {
    if (types.isProxy(holder) || Array.isArray(holder)) return [];
    const own = Object.keys(holder).slice(0, MOST_PROPERTIES);
    const values = own.map((key) => Object.getOwnPropertyDescriptor(holder, key)?.value as unknown);
    if (declaresPrivate(holder)) values.push(...mirror.privateFields(holder).map(([, value]) => value));
    return values.flatMap((value) => {
      const timer = timerIn(value);
      return timer?.everyMs ? (sweepBy(timer) ?? []) : [];
    });
  }

  /** The code of a class; of an older one, that of its methods. */
  function codeOf(object: object): string {
    const prototype = Object.getPrototypeOf(object) as object | null;
    const made: unknown = prototype && Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    const source = sourceOf(made);
    if (source.startsWith('class') || !prototype) return source;
    const methods = Object.getOwnPropertyNames(prototype).slice(0, MOST_PROPERTIES);
    return methods
      .map((name) => `${name} = ${sourceOf(Object.getOwnPropertyDescriptor(prototype, name)?.value)}`)
      .join('\n');
  }

  const escaped = (name: string): string => name.replaceAll(/[^\w#]/g, String.raw`\$&`);

  /** Whether code takes out of what has that name. */
  function takesOut(code: string, name: string): boolean {
    const after = String.raw`\??\.(?:delete|clear|shift|splice|pop|length = 0)|\s*=[^=]|\[[^\]]+\]\s*;`;
    return new RegExp(String.raw`(?:\bdelete [\w.]*|[.\s(])${escaped(name)}(?:${after})`).test(code);
  }

  /** What a callback does with its `this`: in itself, or in the method that it calls. */
  function emptiesOwn({ source, self }: Sweep, name: string, holder: object): boolean {
    if (self !== holder && !/\b(?:this|self|that)\b/.test(source)) return false;
    if (takesOut(source, name)) return true;
    const code = codeOf(holder);
    return [...source.matchAll(/\b(?:this|self|that)\.(#?[\w$]+)\s*\(/g)].some(([, method]) => {
      const body = new RegExp(
        String.raw`(?<![\w.#])${escaped(method!)}\s*(?:=[^(]*)?\([^)]*\)\s*(?:=>\s*)?\{`,
      ).exec(code);
      return body !== null && takesOut(code.slice(body.index, body.index + LONGEST_METHOD), name);
    });
  }

  return {
    timerIn,
    of(object, { kind, name }, holder, walked) {
      if (known?.walked !== walked) known = { walked, sweeps: sweepsIn(walked) };
      const isOwn = kind === 'property' || kind === 'private';
      const kept = keptBy(holder);
      return [...known.sweeps, ...kept]
        .filter((sweep) => {
          const { source, variables } = sweep;
          const names = (one: object): boolean =>
            variables.some(([called, value]) => value === one && source.includes(called));
          if (EMPTIES.test(source) && (names(object) || names(holder) || kept.includes(sweep))) return true;
          return isOwn && emptiesOwn(sweep, name, holder);
        })
        .map(({ everyMs }) => everyMs);
    },
  };
}
