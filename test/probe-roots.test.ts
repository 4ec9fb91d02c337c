import { createRequire } from 'node:module';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { findRoots } from '../src/kit/diagnosis/probe/inside/roots.js';
import type { WalkRoot } from '../src/kit/diagnosis/probe/inside/walk-result.js';
import { introspection } from './support/probe.js';

const require = createRequire(import.meta.url);
const end: (() => void)[] = [];
afterAll(() => {
  for (const one of end) one();
});
const rootNamed = (name: string, ...given: [NodeJS.Require?]): WalkRoot | undefined =>
  findRoots(introspection, ...(given as [undefined])).find(({ edge }) => edge.name === name);

describe('the roots that need no knowledge of the program', () => {
  it('include the exports of each CommonJS file, at a higher cost for files of packages', () => {
    const file = require.resolve('fastify');
    expect(require('fastify')).toBeTypeOf('function');
    const root = rootNamed(file, require)!;
    expect(root.object).toBe(require('fastify'));
    const own = Object.assign(() => {}, {
      cache: { '/app/users.js': { exports: {} }, '/app/hole.js': undefined },
    });
    const roots = findRoots(introspection, own as unknown as NodeJS.Require);
    expect(roots[0]!.edge.name).toBe('/app/users.js');
    expect(roots[0]!.cost).toBeLessThan(root.cost);
    expect(roots.some(({ edge }) => edge.name === '/app/hole.js')).toBe(false);
  });

  it('include a list of timers by one of its timers, for lengths in round numbers', () => {
    const timer = setTimeout(() => {}, 47_000).unref();
    const odd = setTimeout(() => {}, 47_123).unref();
    end.push(() => [timer, odd].forEach(clearTimeout));
    expect(rootNamed('timers of 47,000 ms')!.object).toBe(timer);
    expect(rootNamed('timers of 47,123 ms')).toBeUndefined();
  });

  it('include the handles of one class as one container, if there are more than 64', () => {
    const ports: MessagePort[] = Array.from({ length: 70 }, () =>
      new MessageChannel().port1.on('message', () => {}),
    );
    end.push(() => ports.forEach((port) => port.close()));
    const open: unknown = rootNamed('open handles of MessagePort')?.object;
    expect(open).toEqual(expect.arrayContaining([ports[0], ports[69]]));
  });

  it('include global variables of the program, without native functions and objects of V8', () => {
    const names = findRoots(introspection, undefined).map(({ edge }) => edge.name);
    Object.defineProperty(globalThis, 'ourCache', { value: new Map(), configurable: true });
    end.push(() => Reflect.deleteProperty(globalThis, 'ourCache'));
    expect(rootNamed('globalThis.ourCache')).toBeDefined();
    expect(names).not.toContain('globalThis.ourCache');
    expect(names).not.toContain('globalThis.JSON');
    expect(names).not.toContain('globalThis.Map');
  });

  it('include process, at the cost of a root without a name', () => {
    expect(rootNamed('process')!.object).toBe(process);
  });
});
