import { describe, expect, it } from 'vitest';
import { mayAge } from '../src/kit/diagnosis/walk/ages-in-code.js';
import type { GrownContainer } from '../src/kit/diagnosis/probe/index.js';
import { grown } from './support/walked.js';

const of = (name: string, text: string, kind: GrownContainer['kind'] = 'Map'): boolean => {
  const one = grown({ kind });
  const edge = { kind: name === '' ? ('entry' as const) : ('property' as const), name };
  return mayAge(
    { ...one, route: [{ edge, className: 'Map' }], nearby: { ...one.nearby, scripts: ['own'] } },
    new Map([['own', text]]),
  );
};

describe('code that removes entries by their age', () => {
  it.each([
    [
      'byId',
      'const now = Date.now(); for (const [k, v] of this.byId) { if (now - v.at < WINDOW) break; this.byId.delete(k); }',
    ],
    ['hits', 'const t = performance.now(); while (hits.length > 0 && hits[0].t < t - 20_000) hits.shift();'],
    [
      'log',
      'let i = 0; while (log[i].t < now - WINDOW) i += 1; if (i > 1000) log.splice(0, i); function tick() { now = Date.now(); }',
    ],
    ['seen', 'if (Date.now() - this.started > 60_000) { this.seen = new Map(); this.started = Date.now(); }'],
    [
      'entries',
      'this.entries = this.entries.filter(({ createdAt }) => createdAt > cutoff); const cutoff = Date.now() - this.keep;',
    ],
    [
      'sessions',
      'const expires = new Date().getTime(); if (session.expiresAt <= expires) delete this.sessions[id];',
    ],
    [
      'tokens',
      'if (isExpired(token)) tokens.delete(id); const isExpired = (token) => token.until < Date.now();',
    ],
    [
      '',
      'const b = users.get(key).filter((x) => x.now > now - WINDOW); users.set(key, b); const now = Date.now();',
    ],
    [
      '',
      'while (this.#head && node.stamp - this.#head.stamp > 12_000) { this.#head = this.#head.next; } node = { stamp: Date.now() };',
    ],
    ['', 'hits[key] = (hits[key] ?? []).filter((hit) => now - hit.when < WINDOW); const now = Date.now();'],
  ])('is known for %s: %s', (name, text) => {
    expect(of(name, text)).toBe(true);
  });

  it('is known for a linked list by whatever name it loses its first', () => {
    const text =
      'while (first && first.at < cutoff) first = first.next; const cutoff = Date.now() - KEEP_MS;';
    expect(of('next', text)).toBe(false);
    expect(of('next', text, 'List')).toBe(true);
  });

  it.each([
    ['no clock', 'rows', 'if (rows.length > 100) rows.shift();'],
    [
      'a clock, and a bound by size',
      'rows',
      'const begin = performance.now(); if (rows.length > most) rows.shift(); log(performance.now() - begin);',
    ],
    [
      'an array that is made and never reset',
      'visits',
      'visits = []; add(v) { this.visits.push({ at: new Date(), v }); }',
    ],
    [
      'what removes from another',
      'kept',
      'kept.set(id, Date.now()); if (now - old.at > WINDOW) others.delete(id);',
    ],
    ['a list that is only walked through', '', 'for (let n = head; n; n = n.next) sum += Date.now() - n.at;'],
    ['code that could not be read', 'rows', ''],
  ])('is not known for %s', (_, name, text) => {
    expect(of(name, text)).toBe(false);
  });
});
