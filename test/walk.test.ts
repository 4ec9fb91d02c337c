import { afterAll, beforeAll, expect, it } from 'vitest';
import { scriptsOf } from '../src/kit/process/scripts.js';
import { type GrownContainer, openProbe } from '../src/kit/diagnosis/probe/index.js';
import { attach } from '../src/kit/process/attach.js';
import { foreign } from './support/load.js';

/** Retains memory in the ways that are hard to see: behind a getter, in a ring with free slots, in private fields, in a list. */
const program = `
  const hidden = (globalThis.hidden ??= (() => {
    const app = {};
    Object.defineProperty(app, 'router', ((behind) => ({ get: () => behind }))(new Map()));
    const swept = new Map();
    setInterval(() => swept.clear(), 60_000).unref();
    class Recent {
      #seen = new Map();
      constructor() { setInterval(() => this.tick(), 45_000).unref(); }
      see(at) { this.#seen.set(at, 'x'); }
      tick() { for (const [at] of this.#seen) this.#seen.delete(at); }
    }
    class Beating {
      beats = [];
      constructor() { this.timer = setInterval(() => this.beat(), 44_000).unref(); }
      beat() { this.last = this.beats.length; }
    }
    class Scope { #facts = new Array(100).fill('fact'); }
    class Registry { static #added = []; static add(at) { Registry.#added.push({ at }); } }
    return { app, Scope, Registry, teller: () => function told() {}, journal: '', swept, fading: new Map(), recent: new Recent(), beating: new Beating(), shared: [new Set(), new Set()], scopes: [], waiting: [], answers: new Map(),
      lru: { entries: new Map() }, ring: { slots: new Array(4096), tail: 0 }, list: null, asked: 0 };
  })());
  hidden.app.router.set(hidden.asked++, { text: 'x'.repeat(100) });
  hidden.swept.set(hidden.asked, 'x');
  hidden.recent.see(hidden.asked);
  hidden.beating.beats.push({ at: hidden.asked });
  { const { fading, asked } = hidden; fading.set(asked, 'x'); setTimeout(() => fading.delete(asked), 47_000).unref(); }
  {
    const watcher = { text: hidden.asked + 'w'.repeat(1_000) };
    for (const set of hidden.shared) set.add(watcher);
  }
  hidden.scopes.push(new hidden.Scope());
  hidden.ring.slots[hidden.ring.tail++] = { at: hidden.asked };
  {
    const text = hidden.asked + 'y'.repeat(1_000);
    hidden.waiting.push(((times) => () => text + times)(hidden.asked)); // the text is in the outer of its two scopes
  }
  hidden.answers.set(hidden.asked, Promise.resolve({ text: hidden.asked + 'z'.repeat(1_000) }));
  const entry = { older: hidden.lru.entries.get(hidden.asked - 1), newer: null };
  if (entry.older) entry.older.newer = entry;
  hidden.lru.entries.set(hidden.asked, entry);
  new MessageChannel().port1.on('message', () => {});
  hidden.list = { at: hidden.asked, next: hidden.list };
  hidden.journal += hidden.asked + ' of them were told, and more. '.repeat(8);
  hidden.Registry.add(hidden.asked);
  process.setMaxListeners(0).once('SIGWINCH', hidden.teller());
  response.end();`;
const ASKED = 400;

let gains: GrownContainer[];
let timersMs: number[];
let child: Awaited<ReturnType<typeof foreign>>['child'];

beforeAll(async () => {
  const service = await foreign(program);
  child = service.child;
  const work = async (): Promise<void> => {
    for (let at = 0; at < ASKED; at += 1) await (await fetch(service.url)).text();
  };
  await work();
  const session = await attach(child.pid!);
  const probe = await openProbe({ session, scripts: () => scriptsOf(session) });
  await probe.scout();
  await probe.first();
  await work();
  ({ grown: gains, timersMs } = await probe.second());
  await probe.release();
  await session.close();
});
afterAll(() => child.kill());

const gainOf = (...names: string[]): GrownContainer | undefined =>
  gains.find(({ route }) => names.every((name) => route.some(({ edge }) => edge.name === name)));

it('a walk finds a Map that only the closure of a getter retains', () => {
  expect(gainOf('behind')).toMatchObject({ kind: 'Map', gained: ASKED });
});

it('a walk counts the filled slots of a ring, not its length', () => {
  const gain = gainOf('ring', 'slots')!;
  expect(gain.entryClass).toBe('Object');
  // An estimate, from a sample of the slots.
  expect(gain.gained).toBeGreaterThan(ASKED / 2);
  expect(gain.gained).toBeLessThan(2 * ASKED);
});

it('the bytes per entry include the private fields of an entry', () => {
  expect(gainOf('scopes')).toMatchObject({ gained: ASKED, entryClass: 'Scope' });
  expect(gainOf('scopes')!.bytesPerEntry).toBeGreaterThan(800);
});

it('the bytes per entry include what a function closes over, in any scope, and the result of a promise', () => {
  for (const place of ['waiting', 'answers']) {
    expect(gainOf(place)).toMatchObject({ gained: ASKED });
    expect(gainOf(place)!.bytesPerEntry).toBeGreaterThan(1_000);
    expect(gainOf(place)!.bytesPerEntry).toBeLessThan(1_600);
  }
});

it('the bytes per entry include entries that two containers on one path share, and keys that are objects are not reported', () => {
  const gain = gainOf('shared')!;
  expect(gain).toMatchObject({ kind: 'Set', containers: 2, gained: 2 * ASKED, keys: [] });
  expect(gain.bytesPerEntry).toBeGreaterThan(1_000);
});

it('a linked list is counted along its links, and its route has one step for all of them', () => {
  const gain = gainOf('list')!;
  expect(gain).toMatchObject({ kind: 'List', gained: ASKED });
  expect(gain.route.filter(({ edge }) => edge.name === 'next')).toHaveLength(1);
  expect(gain.bytesPerEntry).toBeLessThan(400);
});

it('a text of 50,000 characters or more that is appended to is counted by its characters', () => {
  const gain = gainOf('journal')!;
  expect(gain).toMatchObject({ kind: 'String', className: 'string', bytesPerEntry: 1 });
  expect(gain.gained).toBeGreaterThan(240 * ASKED);
});

it('a walk finds an array in a static private field of a class', () => {
  expect(gainOf('#added')).toMatchObject({ kind: 'Array', gained: ASKED });
});

it('the listener that once() registered is named, not the wrapper of Node around it', () => {
  expect(gainOf('process', '_events', 'SIGWINCH')).toMatchObject({ gained: ASKED, calls: { name: 'told' } });
});

it('a linked list whose links are entries of a Map as well is counted as one list', () => {
  const inLru = gains.filter(({ route }) => route.some(({ edge }) => edge.name === 'lru'));
  expect(inLru.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['Map', 'List']));
  for (const { containers } of inLru) expect(containers).toBe(1);
});

it('handles that the event loop keeps open are counted by their class', () => {
  expect(gainOf('open handles of MessagePort')).toMatchObject({ gained: ASKED, entryClass: 'MessagePort' });
});

it('timers that remove entries from a container are found with their periods', () => {
  const cleanupsOf = (name: string) => gainOf(name)!.nearby.cleanupsMs;
  expect(gainOf('swept')).toMatchObject({ gained: ASKED, nearby: { cleanupsMs: [60_000] } });
  expect(cleanupsOf('fading')).toEqual([47_000]); // each entry by a timer of its own
  expect(cleanupsOf('#seen')).toEqual([45_000]); // by a method that the timer calls
  expect(cleanupsOf('beats')).toEqual([]);
  expect(cleanupsOf('scopes')).toEqual([]);
});

it("knows the periods of the program's timers, and counts neither Node's nor those of the diagnosis", () => {
  expect(timersMs).toEqual([44_000, 45_000, 47_000, 60_000]);
});
