import { execFile } from 'node:child_process';
import { accessSync, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The folder of the source, also where this file is compiled. */
export const ADDON_FOLDER = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './' : '../../../src/addon/', import.meta.url),
);
const SOURCE = 'index.c';
/** The interface of Node's addons is the same in all versions: any of these headers will do. */
const HEADERS = [
  join(dirname(dirname(process.execPath)), 'include', 'node'),
  join(process.env['npm_config_nodedir'] ?? '/usr', 'include', 'node'),
  '/usr/include/node',
  '/usr/local/include/node',
].find((folder) => existsSync(join(folder, 'node_api.h')));
const COMPILER = ['cc', 'gcc', 'clang'].find((name) => isInstalled(name));

function isInstalled(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name));
      return true;
    } catch {
      return false;
    }
  });
}

/** Why no addon can be built here; null where one can. */
export const whyNoAddon: string | null = reason();

function reason(): string | null {
  if (!existsSync(join(ADDON_FOLDER, SOURCE))) return 'its source is in the repository of leak-lab alone';
  if (process.platform === 'win32' || COMPILER === undefined)
    return 'no C compiler (cc, gcc, clang) is installed';
  return HEADERS === undefined ? 'the headers of Node (node_api.h) are not installed' : null;
}

/** Builds the addon into a folder. @returns its path */
export async function buildAddon(folder: string): Promise<string> {
  if (COMPILER === undefined || HEADERS === undefined) throw new Error(whyNoAddon ?? '');
  const addon = join(folder, 'words.node');
  const undefinedSymbols = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : [];
  const flags = ['-shared', '-fPIC', '-O1', '-DNODE_GYP_MODULE_NAME=words', `-I${HEADERS}`];
  await promisify(execFile)(COMPILER, [
    ...flags,
    ...undefinedSymbols,
    '-o',
    addon,
    join(ADDON_FOLDER, SOURCE),
  ]);
  return addon;
}

/** Builds the addon, if it is wanted, for as long as something is done with it. */
export async function withAddon<T>(isWanted: boolean, use: (addon: string | null) => Promise<T>): Promise<T> {
  if (!isWanted) return use(null);
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-addon-'));
  try {
    return await use(await buildAddon(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}
