import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Tested } from '../src/kit/testing/index.js';

/** A function with a known growth rate. Each run makes a new one, so that no run inherits retained objects. */
export interface Case {
  name: string;
  /** About how many bytes each call leaks; 0 for a healthy function. */
  leaks: number;
  make: () => Tested;
}

export const cases: Case[] = [
  { name: 'nothing', leaks: 0, make: () => () => {} },
  { name: 'objects', leaks: 0, make: () => (call) => ({ call, at: [call, String(call)] }) },
  {
    name: 'JSON',
    leaks: 0,
    make: () => (call) => JSON.parse(JSON.stringify({ call, lines: Array(20).fill(call) })),
  },
  {
    name: 'asynchronous',
    leaks: 0,
    make: () => async (call) => Promise.all([Promise.resolve(call), Promise.resolve(-call)]),
  },
  { name: 'cache of 100', leaks: 0, make: () => boundedCache(100) },
  { name: 'cache of 1,000', leaks: 0, make: () => boundedCache(1_000) },
  { name: 'listener, removed', leaks: 0, make: listenAndStop },
  { name: 'waits a millisecond', leaks: 0, make: () => () => sleep(1) },
  { name: 'Buffers', leaks: 0, make: () => (call) => Buffer.alloc(10_000, call % 256) },
  { name: 'numbers in a list', leaks: 8, make: () => into([] as unknown[], (list, call) => list.push(call)) },
  {
    name: 'one object in ten',
    leaks: 10,
    make: () =>
      into(
        [] as unknown[],
        (list, call) => call % 10 === 0 && list.push({ call, twice: 2 * call, name: `n${call}` }),
      ),
  },
  {
    name: 'small objects',
    leaks: 36,
    make: () => into([] as unknown[], (list, call) => list.push({ call, twice: 2 * call })),
  },
  { name: 'listeners', leaks: 66, make: listenOnly },
  {
    name: 'entries of a Map',
    leaks: 130,
    make: () => into(new Map(), (map, call) => map.set(`k${call}`, { call })),
  },
  {
    name: 'waits, leaks a kilobyte',
    leaks: 1_000,
    make: () =>
      into([] as unknown[], async (list, call) => {
        await sleep(1);
        list.push(Array(120).fill(call));
      }),
  },
];

function into<T>(retained: T, call: (retained: T, call: number) => unknown): Tested {
  return (number) => call(retained, number);
}

function boundedCache(max: number): Tested {
  const cache = new LRUCache<string, object>({ max });
  return (call) => cache.set(`k${call}`, { call });
}

function listenAndStop(): Tested {
  const emitter = new EventEmitter();
  return () => {
    const heard: number[] = [];
    const hear = (one: number): unknown => heard.push(one);
    emitter.on('x', hear).off('x', hear);
  };
}

function listenOnly(): Tested {
  const emitter = new EventEmitter().setMaxListeners(0);
  return (call) => emitter.on('x', () => call);
}
