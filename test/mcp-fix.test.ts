import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startAgent } from './support/agent.js';

const SERVICE = `import { db } from './db.js';

const users = new Map();

export async function find(id) {
  const known = users.get(id);
  if (known) return known;
  const user = await db.find(id);
  users.set(id, user);
  return user;
}
`;
const DIAGNOSIS = {
  schemaVersion: 1,
  suspects: [
    {
      rank: 1,
      kind: 'container',
      owner: 'users.js',
      name: 'users.js › users (Map, 10,000 entries)',
      path: ['users.js', 'users (Map)'],
      type: 'Map',
      allocatedAt: [],
      advice: 'Entries are added and never removed.',
    },
  ],
};

let folder: string;
let diagnosis: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'leak-lab-mcp-fix-')));
  diagnosis = join(folder, 'diagnosis.json');
  await mkdir(join(folder, 'shop'));
  const files = {
    'shop/package.json': JSON.stringify({ name: 'shop', type: 'module' }),
    'shop/users.js': SERVICE,
    'shop/db.js': 'export const db = { find: async (id) => ({ id }) };\n',
    'diagnosis.json': JSON.stringify(DIAGNOSIS),
  };
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
});
afterEach(() => rm(folder, { recursive: true }));

const source = (): Promise<string> => readFile(join(folder, 'shop/users.js'), 'utf8');

it('a patch is printed first, and written only when the user has seen it and agrees', async () => {
  const asked: string[] = [];
  let agrees = false;
  const agent = await startAgent((question) => {
    asked.push(question);
    return agrees;
  });
  try {
    const given = { folder: join(folder, 'shop'), diagnosis };
    const printed = await agent.call('fix', given);
    expect(printed).toEqual({ isError: false, text: expect.stringContaining('+const MAX_ENTRIES = 1_000;') });
    expect(printed.text).toContain('Call fix again with write to apply it.');
    expect(asked).toEqual([]);

    const other = await agent.call('fix', { ...given, maxEntries: 5, write: true });
    expect(other).toEqual({ isError: true, text: expect.stringContaining('with the same values') });
    expect(asked).toEqual([]);

    const refused = await agent.call('fix', { ...given, write: true });
    expect(refused).toEqual({ isError: true, text: expect.stringContaining('the user did not confirm') });
    expect(asked).toEqual([expect.stringContaining('+const MAX_ENTRIES = 1_000;')]);
    expect(await source()).toBe(SERVICE);

    agrees = true;
    const written = await agent.call('fix', { ...given, write: true });
    expect(written).toEqual({ isError: false, text: expect.stringContaining('Written.') });
    expect(await source()).toContain('const MAX_ENTRIES = 1_000;');
  } finally {
    await agent.close();
  }
});

it('a patch that became another one after it was printed is not written, and asked for anew', async () => {
  const asked: string[] = [];
  const agent = await startAgent((question) => asked.push(question) > 0);
  try {
    const given = { folder: join(folder, 'shop'), diagnosis };
    await agent.call('fix', given);
    const changed = SERVICE.replaceAll('users', 'people');
    await writeFile(join(folder, 'shop/users.js'), changed);
    await writeFile(diagnosis, JSON.stringify(DIAGNOSIS).replaceAll('› users', '› people'));

    const other = await agent.call('fix', { ...given, write: true });
    expect(asked).toEqual([expect.stringMatching(/^ const users = new Map/m)]);
    expect(other.text).toMatch(/^ const people = new Map[^]*Nothing was written: these are not the patches/m);
    expect(await source()).toBe(changed);

    await agent.call('fix', { ...given, write: true });
    expect(asked).toEqual([expect.anything(), expect.stringMatching(/^ const people = new Map/m)]);
    expect(await source()).toMatch(/^const MAX_ENTRIES = 1_000;$/m);
  } finally {
    await agent.close();
  }
});

it('a client that cannot ask its user gets the patch, and writes nothing', async () => {
  const agent = await startAgent();
  try {
    const given = { folder: join(folder, 'shop'), diagnosis };
    await agent.call('fix', given);
    expect(await agent.call('fix', { ...given, write: true })).toEqual({
      isError: true,
      text: expect.stringContaining('this client cannot ask'),
    });
    expect(await source()).toBe(SERVICE);
  } finally {
    await agent.close();
  }
});
