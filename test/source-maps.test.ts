import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameOf, type NameSource, SourceMaps } from '../src/kit/diagnosis/naming/index.js';
import { scriptsOf } from '../src/kit/process/scripts.js';
import { attach } from '../src/kit/process/attach.js';
import { openProbe } from '../src/kit/diagnosis/probe/index.js';
import { startTarget } from './support/targets.js';

const SOURCES = {
  'package.json': '{ "type": "module" }',
  'src/audit-trail.ts': `
    export class AuditTrail {
      entries: object[] = [];
      record(entry: object): void { this.entries.push(entry); }
    }`,
  'src/sessions.ts': `
    const sessions = new Map<number, object>();
    export const remember = (id: number) => sessions.set(id, { id });`,
  'src/recent.ts': `
    export function createRecent() {
      const recentPaths: string[][] = [];
      return (path: string) => recentPaths.push([path]);
    }`,
  'src/main.ts': `
    import { createServer } from 'node:http';
    import { AuditTrail } from './audit-trail.ts';
    import { remember } from './sessions.ts';
    import { createRecent } from './recent.ts';
    const trail = new AuditTrail();
    const recent = createRecent();
    let requests = 0;
    const server = createServer((request, response) => {
      trail.record({ at: Date.now() });
      remember(requests += 1);
      recent(String(request.url));
      response.end();
    }).listen(0, '127.0.0.1', () => console.log((server.address() as { port: number }).port));`,
};

let folder = '';
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'leak-lab-bundle-')));
  for (const [file, text] of Object.entries(SOURCES)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
});
afterAll(() => rm(folder, { recursive: true }));

const ASKED = 40;

/** The names of the containers that grow by an entry for each request. */
async function namesOfGrowth(file: string): Promise<string[]> {
  const { child, pid, origin } = await startTarget(file);
  const ask = async (): Promise<void> => {
    for (let at = 0; at < ASKED; at += 1) await (await fetch(`${origin}/${at}`)).text();
  };
  try {
    const session = await attach(pid);
    const probe = await openProbe({ session, scripts: () => scriptsOf(session) });
    await ask();
    await probe.scout();
    await probe.first();
    await ask();
    const { grown } = await probe.second();
    const maps = new SourceMaps();
    const scripts = probe.scripts();
    await maps.load([...scripts.values()].filter(({ url }) => url.endsWith(file)));
    await probe.release();
    await session.close();
    const source: NameSource = { scripts, maps, sources: new Map(), folder };
    return grown.filter(({ gained }) => gained === ASKED).map(({ route }) => nameOf(route, source).text);
  } finally {
    child.kill('SIGKILL');
  }
}

describe('a minified bundle', () => {
  it.each(['esm', 'cjs'] as const)('has the names and files of its author, as %s', async (format) => {
    const bundle = await rolldown({ input: join(folder, 'src/main.ts'), platform: 'node' });
    const file = join(folder, `dist/main.${format === 'esm' ? 'mjs' : 'cjs'}`);
    await bundle.write({ file, format, minify: true, sourcemap: true });
    await bundle.close();
    expect((await namesOfGrowth(file)).toSorted()).toEqual([
      'src/main.ts › trail › AuditTrail.entries',
      'src/recent.ts › createRecent() › recentPaths',
      'src/sessions.ts › sessions',
    ]);
  });
});
