import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** Folders that builds write, some with a package.json of their own: `.next`, `.output/server`, `dist`. */
const BUILT = /^(?:\..+|dist|build|out|output|standalone)$/;
/** What marks the root of a repository with several packages. */
const WORKSPACE = ['pnpm-workspace.yaml', 'lerna.json', 'turbo.json', 'nx.json', '.git'];

/**
 * The folder of the package that a file belongs to: of an installed package below `node_modules`, otherwise the nearest one
 * above with a package.json that no build wrote. Null without one.
 *
 * @param file an absolute path
 */
export function packageRoot(file: string): string | null {
  const installed = /^(?<root>.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(file)?.groups;
  if (installed) return installed['root'] ?? null;
  const found = foldersAbove(file).filter((folder) => existsSync(join(folder, 'package.json')));
  return found.find((folder) => !isBuilt(folder, found.at(-1) ?? folder)) ?? found[0] ?? null;
}

/** The root of the repository around a package: it may have more packages, whose files a bundle has as well. */
export function workspaceRoot(packageFolder: string): string {
  const above = foldersAbove(join(packageFolder, 'package.json'));
  return above.find((folder) => WORKSPACE.some((name) => existsSync(join(folder, name)))) ?? packageFolder;
}

export function isBelow(file: string, folder: string): boolean {
  return file.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** Whether a folder is, or is in, one that a build wrote into the outermost package. */
function isBuilt(folder: string, outermost: string): boolean {
  return folder
    .slice(outermost.length)
    .split(sep)
    .some((segment) => BUILT.test(segment));
}

function foldersAbove(file: string): string[] {
  const folders: string[] = [];
  for (let at = dirname(file); ; at = dirname(at)) {
    folders.push(at);
    if (dirname(at) === at) return folders;
  }
}
