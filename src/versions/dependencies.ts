import { mkdir, readdir, readFile, readlink, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { git } from './git.js';
import { runStep } from './step.js';

/** How each lock file is installed without changing it. */
const INSTALLS: readonly [lock: string, command: string][] = [
  ['package-lock.json', 'npm ci --no-audit --no-fund'],
  ['npm-shrinkwrap.json', 'npm ci --no-audit --no-fund'],
  ['pnpm-lock.yaml', 'pnpm install --frozen-lockfile'],
  ['yarn.lock', 'yarn install --frozen-lockfile'],
  ['bun.lock', 'bun install --frozen-lockfile'],
  ['bun.lockb', 'bun install --frozen-lockfile'],
];

export interface InstallOptions {
  install: string | undefined;
  signal: AbortSignal;
}

/**
 * Gives a copy of the repository its dependencies: those of the repository where the lock files are the same, else
 * installed as its own lock file says.
 *
 * @param inside the folder of the service within the repository
 */
export async function installDependencies(
  repository: string,
  copy: string,
  inside: string,
  { install, signal }: InstallOptions,
): Promise<void> {
  const found = await lockOf(copy, inside);
  const isSame = found ? await isSameFile(join(repository, found.lock), join(copy, found.lock)) : true;
  if (isSame && (await linkModules(repository, copy, inside))) return;
  const needed = found?.command ?? ((await needsPackages(join(copy, inside))) ? NO_LOCK : undefined);
  if (needed === undefined) return;
  await runStep('installation', install ?? needed, join(copy, found ? dirname(found.lock) : inside), signal);
}

const NO_LOCK = 'npm install --no-package-lock --no-audit --no-fund';

/** The lock file of the service, or else of the repository. */
async function lockOf(copy: string, inside: string): Promise<{ lock: string; command: string } | null> {
  for (const folder of new Set([inside, ''])) {
    const names = await readdir(join(copy, folder)).catch((): string[] => []);
    for (const [name, command] of INSTALLS)
      if (names.includes(name)) return { lock: join(folder, name), command };
  }
  return null;
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((file) => readFile(file).catch(() => null)));
  return a !== null && b !== null && a !== undefined && b !== undefined && a.equals(b);
}

async function needsPackages(folder: string): Promise<boolean> {
  try {
    const text = await readFile(join(folder, 'package.json'), 'utf8');
    const { dependencies, devDependencies } = JSON.parse(text) as Record<string, object | undefined>;
    return Object.keys({ ...dependencies, ...devDependencies }).length > 0;
  } catch {
    return false; // no package.json, or none that npm could read
  }
}

/**
 * Links the repository's installed packages, each by itself: what a build writes beside them, such as a cache, stays in
 * the copy. A link to a package of the repository itself (a workspace) is made anew, so that it leads into the copy.
 *
 * @returns whether there were any
 */
async function linkModules(repository: string, copy: string, inside: string): Promise<boolean> {
  const manifests = await git(repository, 'ls-files', '--', 'package.json', '*/package.json');
  const folders = new Set(['', inside, ...manifests.split('\n').map(folderOf)]);
  let linked = false;
  for (const folder of folders) linked = (await linkFolder(repository, copy, folder)) || linked;
  return linked;
}

/** Of a path in the repository; empty for its root. */
function folderOf(file: string): string {
  const folder = dirname(file);
  return folder === '.' ? '' : folder;
}

/** As `linkModules`, for a folder that need not be a repository: every package folder of the copy gets its links. */
export async function linkModulesBelow(root: string, copy: string, inside = ''): Promise<void> {
  await linkFolder(root, copy, inside);
  for (const entry of await readdir(join(copy, inside), { withFileTypes: true }))
    if (entry.isDirectory() && entry.name !== 'node_modules')
      await linkModulesBelow(root, copy, join(inside, entry.name));
}

/** @returns whether the folder has packages */
async function linkFolder(root: string, copy: string, folder: string): Promise<boolean> {
  const from = join(root, folder, 'node_modules');
  const names = await readdir(from).catch((): string[] => []);
  if (names.length === 0 || (await readdir(join(copy, folder)).catch(() => null)) === null) return false;
  await linkEntries(from, join(copy, folder, 'node_modules'), root);
  return true;
}

/** Caches of build tools, which are written to. */
const CACHES = /^\.(cache|vite|vite-temp|tmp)$/;

async function linkEntries(from: string, to: string, repository: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const { name } = entry;
    const [source, link] = [join(from, name), join(to, name)];
    if (CACHES.test(name)) continue;
    if (entry.isSymbolicLink()) await symlink(await leadingInto(source, repository), link);
    else if (name.startsWith('@') && entry.isDirectory()) await linkEntries(source, link, repository);
    else await symlink(source, link);
  }
}

/** Where a link of the repository leads: a relative path inside the repository, else an absolute one. */
async function leadingInto(link: string, repository: string): Promise<string> {
  const target = resolve(dirname(link), await readlink(link));
  const isInside = !relative(repository, target).startsWith('..');
  return isInside ? relative(dirname(link), target) : target;
}
