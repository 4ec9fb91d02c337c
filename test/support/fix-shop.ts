import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A file with a Map that only grows. */
export const SERVICE = `import { db } from './db.js';

const users = new Map();

export async function find(id) {
  const known = users.get(id);
  if (known) return known;
  const user = await db.find(id);
  users.set(id, user);
  return user;
}
`;

export const DIAGNOSIS = {
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

/** A project in a folder of its own, with the service that leaks and its diagnosis in `diagnosis.json`. */
export class Shop {
  private constructor(readonly root: string) {}

  static async open(): Promise<Shop> {
    const shop = new Shop(await realpath(await mkdtemp(join(tmpdir(), 'leak-lab-fix-shop-'))));
    await mkdir(shop.scratch);
    await shop.write({
      'package.json': JSON.stringify({ name: 'shop', type: 'module' }),
      'users.js': SERVICE,
      'db.js': 'export const db = { find: async (id) => ({ id }) };\n',
      'diagnosis.json': JSON.stringify(DIAGNOSIS),
    });
    return shop;
  }

  get folder(): string {
    return join(this.root, 'shop');
  }

  /** An empty folder outside of the project. */
  get scratch(): string {
    return join(this.root, 'tmp');
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  text(file = 'users.js'): Promise<string> {
    return readFile(this.path(file), 'utf8');
  }

  async write(files: Record<string, string>): Promise<void> {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(this.path(file)), { recursive: true });
      await writeFile(this.path(file), text);
    }
  }

  close(): Promise<void> {
    return rm(this.root, { recursive: true });
  }
}
