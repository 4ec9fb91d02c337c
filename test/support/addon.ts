import { execFile } from 'node:child_process';
import { accessSync, existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const SOURCE = 'test/support/addon/index.c';
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
export const whyNoAddon: string | null =
  process.platform === 'win32' || COMPILER === undefined
    ? 'no C compiler (cc, gcc, clang) is installed'
    : HEADERS === undefined
      ? 'the headers of Node (node_api.h) are not installed'
      : null;

/** Builds the addon into a folder. @returns its path */
export async function buildAddon(folder: string): Promise<string> {
  if (COMPILER === undefined || HEADERS === undefined) throw new Error(whyNoAddon ?? '');
  const addon = join(folder, 'words.node');
  const undefinedSymbols = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : [];
  const flags = ['-shared', '-fPIC', '-O1', '-DNODE_GYP_MODULE_NAME=words', `-I${HEADERS}`];
  await promisify(execFile)(COMPILER, [...flags, ...undefinedSymbols, '-o', addon, SOURCE]);
  return addon;
}
