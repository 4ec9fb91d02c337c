import { createServer, Server } from 'node:http';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { CleanupTimers } from '../src/kit/diagnosis/probe/inside/cleanup-timers.js';
import { removesFrom } from '../src/kit/diagnosis/probe/inside/timer-code.js';
import { introspection, program, rootsAlone, untouchable, withGetter } from './support/probe.js';

const timers: NodeJS.Timeout[] = [];
afterEach(() => {
  for (const timer of timers.splice(0)) clearInterval(timer);
});
const started = (timer: NodeJS.Timeout): NodeJS.Timeout => {
  timers.push(timer.unref());
  return timer;
};
type Callback = () => void;

/** The periods of the timers that remove entries from a property of an object. */
function periodsOf(retainer: object, name: string, listed: object[] = []): number[] {
  const graph = rootsAlone(Object.fromEntries(listed.map((timer, at) => [`timers of ${at} ms`, timer])));
  const retained: unknown = Reflect.get(retainer, name);
  return new CleanupTimers(introspection).periodsMs(
    { retained: retained as object, edge: { kind: 'property', name }, retainer },
    graph,
  );
}

describe('the timers that remove entries from a container', () => {
  it('include an interval whose callback closes over the container and clears it', () => {
    const seen = new Map();
    const clear = program<(seen: object) => Callback>('return (seen) => () => seen.clear();')(seen);
    expect(periodsOf({ seen }, 'seen', [started(setInterval(clear, 60_000))])).toEqual([60_000]);
  });

  it('include an interval whose callback calls a method that deletes entries', () => {
    const Cache = program<new () => { tick: Callback; seen: object }>(
      'return class { seen = new Map(); tick() { for (const [at] of this.seen) this.seen.delete(at); } };',
    );
    const cache = new Cache();
    const tick = program<(self: object) => Callback>('return (self) => () => self.tick();')(cache);
    expect(periodsOf(cache, 'seen', [started(setInterval(tick, 45_000))])).toEqual([45_000]);
  });

  it('include an interval in a property of the object that retains the container', () => {
    const timer = started(setInterval(program<Callback>('return () => evictOld();'), 30_000));
    expect(periodsOf({ seen: new Map(), timer }, 'seen')).toEqual([30_000]);
  });

  it('include the bound method of the object that retains the container', () => {
    const Cache = program<new () => { sweep: Callback; seen: object }>(
      'return class { seen = new Set(); sweep() { this.seen.clear(); } };',
    );
    const cache = new Cache();
    expect(periodsOf(cache, 'seen', [started(setInterval(cache.sweep.bind(cache), 20_000))])).toEqual([
      20_000,
    ]);
  });

  it.each([
    ['moves a buffer into it', 'for (const hit of pending) seen.set(hit, 1); pending = [];'],
    ['empties something else', 'report(seen.size); pending.length = 0;'],
  ])('leave out a callback that %s', (_, code) => {
    const seen = new Map();
    const tick = program<(seen: object) => Callback>(
      `return (seen) => { let pending = []; return () => { ${code} }; };`,
    );
    expect(periodsOf({ seen }, 'seen', [started(setInterval(tick(seen), 15_000))])).toEqual([]);
  });

  it.each([
    'prune(seen);',
    'for (const one of seen.values()) one.remove();',
    'for (const [key] of seen) if (old(key)) seen.delete(key);',
  ])('include a callback that goes through it: %s', (code) => {
    const seen = new Map();
    const tick = program<(seen: object) => Callback>(`return (seen) => () => { ${code} };`);
    expect(periodsOf({ seen }, 'seen', [started(setInterval(tick(seen), 15_000))])).toEqual([15_000]);
  });

  it('leave out an interval of the owner whose method moves entries into it', () => {
    const Ledger = program<new () => { flush: Callback; seen: object; pending: object; timer: object }>(
      'return class { seen = new Map(); pending = []; flush() { for (const one of this.pending.splice(0)) this.seen.set(one, 1); } };',
    );
    const ledger = new Ledger();
    ledger.timer = started(
      setInterval(
        program<(self: object) => Callback>('return (self) => () => self.flush();')(ledger),
        15_000,
      ),
    );
    expect(periodsOf(ledger, 'seen')).toEqual([]);
    expect(periodsOf(ledger, 'pending')).toEqual([15_000]);
  });

  it('leave out a callback that only reports', () => {
    const seen = new Map();
    const report = program<(seen: object) => Callback>('return (seen) => () => console.log(seen.size);')(
      seen,
    );
    expect(periodsOf({ seen }, 'seen', [started(setInterval(report, 60_000))])).toEqual([]);
  });

  it('leave out a timer that runs once in more than 10 minutes', () => {
    const seen = new Map();
    const clear = program<(seen: object) => Callback>('return (seen) => () => seen.clear();')(seen);
    expect(periodsOf({ seen }, 'seen', [started(setTimeout(clear, 11 * 60_000))])).toEqual([]);
    expect(periodsOf({ seen }, 'seen', [started(setTimeout(clear, 9 * 60_000))])).toEqual([540_000]);
  });
});

const runningTimer = (value: unknown) => new CleanupTimers(introspection).runningTimer(value);

describe('a running timer', () => {
  it('is known by the fields that Node gives it, and until it is cleared', () => {
    const timer = started(setTimeout(() => {}, 5_000));
    expect(runningTimer(timer)).toMatchObject({ dueMs: 5_000, everyMs: null });
    expect(runningTimer(started(setInterval(() => {}, 5_000)))).toMatchObject({ everyMs: 5_000 });
    clearTimeout(timer);
    expect(runningTimer(timer)).toBeNull();
  });

  it('is no other object, and no proxy or getter is called to know that', () => {
    expect(
      [{}, 5, null, untouchable(), withGetter('_idleTimeout'), withGetter('_onTimeout')].map(runningTimer),
    ).toEqual(Array(6).fill(null));
  });
});

describe('code', () => {
  it.each([
    'this.seen.delete(at)',
    'seen?.clear()',
    'this.seen.length = 0',
    'delete this.seen[key];',
    'this.seen = new Map()',
  ])('removes entries by %s', (code) => {
    expect(removesFrom(` ${code}`, 'seen')).toBe(true);
  });

  it.each(['this.seen.set(at, 1)', 'if (this.seen == null) return', 'this.unseen.clear()', 'this.seen.size'])(
    'removes no entries by %s',
    (code) => {
      expect(removesFrom(` ${code}`, 'seen')).toBe(false);
    },
  );
});

it('the periods of the program leave out those of Node, also where Node’s function is bound to a server', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const key = Object.getOwnPropertySymbols(server).find((one) => String(one).includes('CheckingInterval'));
  const ofNode: unknown = Reflect.get(server, key!);
  const own = started(setInterval(program<Callback>('return () => {};'), 4_000));
  const bound = started(setInterval(program<Callback>('return function () {};').bind({}), 7_000));
  const graph = rootsAlone({
    'timers of 30000 ms': ofNode as object,
    'timers of 4000 ms': own,
    'timers of 7000 ms': bound,
  });
  const scriptOfNode = introspection.inspector.positionOf(Server)?.script;
  const periods = new CleanupTimers(introspection).programMs(graph, (script) => script === scriptOfNode);
  server.close();
  expect(periods).toEqual([4_000, 7_000]);
});

it('the periods of the program have an interval that stands behind the latest timers of many sockets', () => {
  const own = started(setInterval(program<Callback>('return () => {};'), 4_321));
  const ofNode = Array.from({ length: 100 }, () => started(setTimeout(Map as unknown as Callback, 4_321)));
  const graph = rootsAlone({ 'timers of 4321 ms': ofNode.at(-1)! });
  const periods = () => new CleanupTimers(introspection).programMs(graph, (script) => script === '');
  expect(periods()).toEqual([4_321]);
  clearInterval(own);
  expect(periods()).toEqual([]);
});
