import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Case } from './case.js';

/** Outside the repository, because its packages are outdated on purpose and no scanner should report them. */
const CACHE = join(tmpdir(), 'leak-lab-corpus');

/** A folder with the packages of a case, made once for each set of versions. @returns its path */
export async function install({ name, dependencies }: Case): Promise<string> {
  const manifest = JSON.stringify({ name: 'corpus-target', private: true, dependencies });
  const folder = join(CACHE, `${name}-${createHash('sha256').update(manifest).digest('hex').slice(0, 8)}`);
  const done = join(folder, 'installed');
  const isDone = await access(done).then(
    () => true,
    () => false,
  );
  if (isDone) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), manifest);
  if (Object.keys(dependencies).length > 0) {
    // The package of Node fetches its program in a script; all others do without.
    const scripts = 'node' in dependencies ? [] : ['--ignore-scripts'];
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', ...scripts], { cwd: folder });
  }
  await writeFile(done, '');
  return folder;
}
