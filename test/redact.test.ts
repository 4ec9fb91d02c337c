import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Heap, histogram, readHeap } from '../src/kit/heap/index.js';
import { startCommand } from './support/command.js';

const run = (...args: string[]) => promisify(execFile)(process.execPath, args);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-redact-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Different in each run, and of kinds that a snapshot may treat differently: identifiers, texts, digits, other scripts. */
function secretsOf(seed: string): string[] {
  const texts = [
    'key k-@',
    'value: pässwörd',
    'piece/',
    'slice+',
    'source',
    'dynamic',
    'field',
    'symbol',
    'pattern',
    'message 秘密',
  ];
  return [
    ...texts.map((text) => `${text}${seed}`),
    `4111${seed.replaceAll(/\D/g, '').padEnd(12, '7')}`,
    `called${seed}`,
    `hot${seed}`,
  ];
}

/** A text as it may be found in a file: as it is, in JSON, in other encodings. */
function encodings(text: string): Buffer[] {
  const json = JSON.stringify(text).slice(1, -1);
  const escaped = [false, true].map((upper) =>
    json.replaceAll(/[^\u0020-\u007E]/g, (one) => {
      const hex = one.charCodeAt(0).toString(16).padStart(4, '0');
      return `\\u${upper ? hex.toUpperCase() : hex}`;
    }),
  );
  const utf8 = Buffer.from(text);
  return [
    ...[text, json, ...escaped, encodeURIComponent(text)].map((one) => Buffer.from(one)),
    Buffer.from(text, 'utf16le'),
    Buffer.from(utf8.toString('hex')),
    Buffer.from(utf8.toString('base64').replaceAll('=', '')),
  ];
}

describe('a redacted snapshot', () => {
  let secrets: string[];
  let before: string;
  let after: string;
  let heaps: [Heap, Heap];
  beforeAll(async () => {
    secrets = secretsOf(`${Date.now().toString(36)}zq`);
    [before, after] = [join(folder, 'app.heapsnapshot'), join(folder, 'app.redacted.heapsnapshot')];
    await run('test/support/heap-secrets.mjs', before, ...secrets);
    await run('dist/src/cli/main.js', 'redact', before, after);
    heaps = [await readHeap(before), await readHeap(after)];
  });

  it('has none of the secrets that the process had, in any encoding', async () => {
    const [original, redacted] = [await readFile(before), await readFile(after)];
    for (const secret of secrets) {
      expect(
        encodings(secret).some((bytes) => original.includes(bytes)),
        secret,
      ).toBe(true);
      // A part of it would be as bad: V8 may have cut it.
      for (const part of [secret, secret.slice(0, -1), secret.slice(1)])
        for (const bytes of encodings(part)) expect(redacted.includes(bytes), part).toBe(false);
    }
  });

  it('has the same graph, ids and sizes, and texts of the same length', () => {
    const [one, other] = heaps.map(({ graph }) => graph);
    for (const column of ['types', 'ids', 'selfSizes', 'firstEdge', 'edgeKinds', 'edgeTo', 'names'] as const)
      expect(Buffer.from(other![column].buffer).equals(Buffer.from(one![column].buffer)), column).toBe(true);
    for (let index = 0; index < one!.strings.count; index += 7)
      expect(other!.strings.get(index)).toHaveLength(one!.strings.get(index).length);
  });

  it('has the same classes, and keeps the names of code', () => {
    const [one, other] = heaps.map((heap) => histogram(heap));
    expect(other!.slice(0, 30)).toEqual(one!.slice(0, 30));
    const { graph } = heaps[1];
    for (const name of ['vault', 'Account', 'owner', 'settings'])
      expect(graph.strings.indexOf(name), name).toBeGreaterThan(0);
  });
});

it.each(['map-in-class.mjs', 'commonjs-set.cjs'])(
  'the diagnosis of redacted snapshots of %s names the same suspect',
  async (program) => {
    const files = ['before', 'after'].map((name) => join(folder, `${program}.${name}.heapsnapshot`));
    const redacted = files.map((file) => file.replace('.heapsnapshot', '.redacted.heapsnapshot'));
    await run('test/support/leak-snapshots.mjs', `test/support/leaks/${program}`, ...files, '3000');
    for (const [at, file] of files.entries())
      await run('dist/src/cli/main.js', 'redact', file, redacted[at]!);
    const nameOf = async (pair: string[]): Promise<unknown> => {
      const json = join(folder, 'diagnosis.json');
      await run('dist/src/cli/main.js', 'diagnose', ...pair, '--json', json);
      const { suspects } = JSON.parse(await readFile(json, 'utf8')) as {
        suspects: Record<string, unknown>[];
      };
      const [{ name, kind, entries, allocatedAt } = {}] = suspects;
      return { name, kind, entries, allocatedAt };
    };
    expect(await nameOf(redacted)).toEqual(await nameOf(files));
  },
);

it.each([
  [['only-one.heapsnapshot'], /pass the snapshot to read and the file to write/, 'LEAK_LAB_SETTINGS'],
  [['package.json', 'README.md'], /README\.md exists already/, 'LEAK_LAB_WRITE'],
  [['package.json', '/tmp/leak-lab-none/out'], /HEAP_SYNTAX|HEAP_META/, 'LEAK_LAB_SNAPSHOT'],
])('%j is refused', async (args, why, code) => {
  const ended = await startCommand(['redact', ...args]).ended;
  expect(ended.err).toMatch(why);
  expect(ended.err).toContain(`[${code}]`);
  expect(ended.code).toBe(2);
});

it('a snapshot that is cut short leaves no output behind', async () => {
  const [input, output] = [join(folder, 'cut.heapsnapshot'), join(folder, 'cut.out')];
  await writeFile(input, (await readFile(join(folder, 'app.heapsnapshot'))).subarray(0, -200));
  const { code, err } = await startCommand(['redact', input, output]).ended;
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('HEAP_TRUNCATED') });
  await expect(readFile(output)).rejects.toThrow('ENOENT');
});
