import { describe, expect, it } from 'vitest';
import { PathIds } from '../src/kit/diagnosis/probe/inside/path-ids.js';
import type { Edge } from '../src/kit/diagnosis/probe/inside/walk-result.js';
import { containerAt, walk, walkerContext } from './support/probe.js';

const property = (name: string): Edge => ({ kind: 'property', name });
const variable = (script: string): Edge => ({ kind: 'variable', name: 'cache', script, scope: '' });

describe('ids of paths', () => {
  it('are equal for equal names and differ for others', () => {
    const ids = new PathIds();
    const root = ids.idOf(-1, property('app'), 'App');
    expect(ids.idOf(root, property('users'), 'Map')).toBe(ids.idOf(root, property('users'), 'Map'));
    expect(ids.idOf(root, property('users'), 'Map')).not.toBe(ids.idOf(root, property('orders'), 'Map'));
    expect(ids.idOf(root, property('users'), 'Map')).not.toBe(ids.idOf(root, property('users'), 'Set'));
  });

  it('tell variables of one name in two files apart', () => {
    const ids = new PathIds();
    expect(ids.idOf(-1, variable('1'), 'Map')).not.toBe(ids.idOf(-1, variable('2'), 'Map'));
  });

  it('are one for all links of a list, also where two kinds of links take turns', () => {
    const ids = new PathIds();
    const first = ids.idOf(-1, property('next'), 'Link');
    expect(ids.idOf(first, property('next'), 'Link')).toBe(first);
    const other = ids.idOf(first, property('other'), 'Link');
    expect(ids.idOf(other, property('next'), 'Link')).toBe(first);
  });

  it('are equal across two walks of one process, for a container that was replaced by another', () => {
    const context = walkerContext();
    const app = { users: new Map() };
    const { pathId } = containerAt(walk({ app }, context), app.users);
    app.users = new Map([[1, 1]]);
    expect(containerAt(walk({ app }, context), app.users).pathId).toBe(pathId);
  });
});
