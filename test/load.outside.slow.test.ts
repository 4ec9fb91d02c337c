import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startService } from '../load/service.js';
import type { PatternName } from '../src/specimens/names.js';
import { load } from './support/load.js';
import { schemaErrors } from './support/schema.js';

/** What `load` says of one half of a pattern, with its exit code where "bounded" is expected. */
async function loaded(name: PatternName, half: 'leaky' | 'fixed') {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-load-outside-'));
  const service = await startService([half, '--specimen', name]);
  try {
    const json = join(folder, 'load.json');
    const url = `${service.url}/specimens/${name}/random`;
    const asked = ['--url', url, '--requests', '12000', '--max-requests', '60000', '--connections', '50'];
    const { code, out } = await load(...asked, '--expect', 'bounded', '--json', json, '--report', folder);
    const result = JSON.parse(await readFile(json, 'utf8'));
    expect(await schemaErrors('load', result)).toEqual([]);
    return { code, out, result, page: await readFile(join(folder, 'report.html'), 'utf8') };
  } finally {
    await service.stop();
    await rm(folder, { recursive: true });
  }
}

interface Series {
  code: string;
  kind: string;
}

// Where V8 knows nothing or a fraction of what leaks, and where it knows all of it on some versions of Node (WebAssembly).
it.skipIf(process.platform !== 'linux').each([
  ['file-handles', 'files', 'open files'],
  ['zlib-streams', 'native-memory', 'native memory'],
  ['tls-contexts', 'native-memory', 'native memory'],
  ['wasm-memory', 'webassembly-memories', 'WebAssembly memories'],
  ['worker-threads', 'threads', 'native threads'],
  ['shared-buffers', 'native-memory', 'native memory'],
] as const)(
  'load calls the leaky half of %s a leak, says what grows, and the fixed half bounded',
  async (name, what, words) => {
    const leaky = await loaded(name, 'leaky');
    expect([leaky.code, leaky.result.verdict.kind]).toEqual([1, 'leak']);
    expect(leaky.result.outside).toContainEqual(expect.objectContaining({ code: what, kind: 'leak' }));
    expect(leaky.out).toContain(words);
    expect(leaky.page).toMatch(new RegExp(`<td>${words}</td><td>leak</td>`));

    const fixed = await loaded(name, 'fixed');
    expect([fixed.code, fixed.result.verdict.kind]).toEqual([0, 'bounded']);
    expect((fixed.result.outside as Series[]).filter(({ kind }) => kind === 'leak')).toEqual([]);
  },
);
