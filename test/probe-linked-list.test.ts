import { types } from 'node:util';
import { describe, expect, it } from 'vitest';
import { LinkedList } from '../src/kit/diagnosis/probe/inside/linked-list.js';
import { untouchable, withGetter } from './support/probe.js';

interface Link {
  next: object | null;
}

function listOf(length: number, end: object | null = null): Link {
  let head: Link = { next: end };
  for (let links = 1; links < length; links += 1) head = { next: head };
  return head;
}

function lengthOf(head: object, counted = 1): number {
  const list = new LinkedList(types, head, 'next', counted);
  while (!list.count());
  return list.length;
}

describe('the length of a linked list', () => {
  it('is counted to its end', () => {
    expect(lengthOf(listOf(5_000))).toBe(5_000);
  });

  it('is counted in steps of 2,000 links', () => {
    const list = new LinkedList(types, listOf(3_000), 'next', 1);
    expect([list.count(), list.length, list.count(), list.length]).toEqual([false, 2_001, true, 3_000]);
  });

  it('includes the links that were counted before', () => {
    expect(lengthOf(listOf(10), 201)).toBe(210);
  });

  it('is that of one round, where the list is a ring', () => {
    const last: Link = { next: null };
    const head = { next: last };
    last.next = head;
    expect(lengthOf(head)).toBe(2);
  });

  it('ends at a proxy and at a getter, which are not called', () => {
    expect(lengthOf(listOf(3, untouchable()))).toBe(4);
    expect(lengthOf(listOf(3, withGetter('next')))).toBe(4);
  });
});
