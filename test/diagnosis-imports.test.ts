import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Imports, nameOf, SourceMaps } from '../src/kit/diagnosis/naming/index.js';
import { step } from './support/walked.js';

const files = {
  'server.mjs': `import express from 'express';
import kept from './cache/unnamed.mjs';
import * as all from './cache/store.mjs';
import { open, renamed as seen, missing, LIMIT } from './cache/index.mjs';
import sessions from './sessions.mjs';
const own = new Map();`,
  'cache/index.mjs': `export * from './store.mjs';
import { visited } from './store.mjs';
export { visited as renamed };
export { LIMIT } from '../limits.mjs';`,
  'cache/store.mjs': `export const open = new Map();
const kept = new Set();
export { kept as visited };`,
  'cache/unnamed.mjs': `export default new Map();`,
  'limits.mjs': `export let LIMIT = [];`,
  'sessions.mjs': `class Sessions {}
const bySession = new Sessions();
export default bySession;`,
  'circle.mjs': `import { gone } from './circle.mjs';
export { gone };`,
};

describe('a variable that a file imports', () => {
  let folder = '';
  let scripts = new Map<string, { id: string; url: string; sourceMapUrl: string }>();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leak-lab-imports-'));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    scripts = new Map(
      Object.keys(files).map((id) => [
        id,
        { id, url: pathToFileURL(join(folder, id)).href, sourceMapUrl: '' },
      ]),
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['open', 'cache/store.mjs › open', 1, 14],
    ['seen', 'cache/store.mjs › kept', 2, 7],
    ['LIMIT', 'limits.mjs › LIMIT', 1, 12],
    ['kept', 'cache/unnamed.mjs › kept', 1, 1],
    ['sessions', 'sessions.mjs › bySession', 2, 7],
    // Its own, of a package, not there, and no variable of another file.
    ['own', 'server.mjs › own', 1, 1],
    ['express', 'server.mjs › express', 1, 1],
    ['missing', 'server.mjs › missing', 1, 1],
    ['all', 'server.mjs › all', 1, 1],
  ])('%s is named as %s', async (name, text, line, column) => {
    const route = await new Imports(scripts).route([step('variable', name, 'Map', 'server.mjs')]);
    expect(nameOf(route, { scripts, maps: new SourceMaps(), sources: new Map(), folder }).text).toBe(text);
    expect(route[0]?.edge).toMatchObject({ line, column });
  });

  it('stays where it is if files hand it on in a circle, or a function declares it', async () => {
    const circle = step('variable', 'gone', 'Map', 'circle.mjs');
    const inner = step('variable', 'open', 'Map', 'server.mjs', 'handle');
    expect(await new Imports(scripts).route([circle, inner])).toEqual([circle, inner]);
  });
});
