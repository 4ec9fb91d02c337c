import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isPackageFile } from '../../heap/index.js';
import { isBelow, packageRoot, workspaceRoot } from './project-root.js';

/** A source that a source map names. */
export interface MappedSource {
  /** As the map has it, with its `sourceRoot`. */
  source: string;
  /** The file that the map is of, and the folder that relative sources start from. */
  built: string;
  folder: string;
  /** Whether the map carries the text of the source. */
  hasContent: boolean;
}

/** Who wrote a source: `runtime` is what a bundler or a framework adds, such as a loader. */
export type AuthorFile = { by: 'author'; file: string } | { by: 'runtime' } | { by: 'unknown' };

/** Parts that bundlers add themselves: modules without a file, and stubs of what stays outside of the bundle. */
const RUNTIME =
  /\0|^(?:virtual:|external |rolldown\/|rollup\/|vite\/|#)|^webpack\/|^\[(?:turbopack|externals?)[\w-]*\]|^\(|^<|^data:/;
const SCHEME = /^(?<scheme>[a-z][a-z+.-]+):\/\/(?<rest>.*)$/i;

/**
 * The file of an author that a map's source stands for. A source outside of the package that the built file belongs to is
 * none: published packages have maps to files of the machine that built them. So is one that is not there, unless the map
 * has its text.
 */
export function authorFile(mapped: MappedSource): AuthorFile {
  const found = located(mapped);
  if (found === null) return { by: 'unknown' };
  if (found.isRuntime) return { by: 'runtime' };
  const { file } = found;
  const root = packageRoot(mapped.built);
  const isThere = existsSync(file);
  if (root !== null && !isBelow(file, root)) {
    // A file of another package of the same repository is the author's, if it is there to be opened.
    const isNeighbour = !isPackageFile(mapped.built) && isThere && isBelow(file, workspaceRoot(root));
    return isNeighbour ? { by: 'author', file } : { by: 'unknown' };
  }
  return isThere || mapped.hasContent ? { by: 'author', file } : { by: 'unknown' };
}

interface Located {
  file: string;
  isRuntime: boolean;
}

function located({ source, built, folder }: MappedSource): Located | null {
  const scheme = SCHEME.exec(source)?.groups;
  if (!scheme) return { file: resolve(folder, withoutQuery(source)), isRuntime: isRuntime(source) };
  const { scheme: name = '', rest = '' } = scheme;
  if (name === 'file') return { file: fileURLToPath(source), isRuntime: false };
  if (/^https?$/.test(name)) return null;
  if (rest.startsWith('/') && existsSync(rest)) return { file: rest, isRuntime: false };
  const [path = ''] = rest.split('!').slice(-1).map(inProject).map(withoutQuery); // the loaders of webpack come first
  const root = packageRoot(built) ?? dirname(built);
  const [file = path] = [root, workspaceRoot(root)]
    .map((folder) => resolve(folder, path))
    .toSorted((one, other) => Number(existsSync(other)) - Number(existsSync(one)));
  return { file, isRuntime: isRuntime(path) };
}

/**
 * The part of a virtual source that is a path of the project: `webpack://shop/./src/a.ts` has the name of the package first,
 * `turbopack:///[project]/src/a.ts` a placeholder, `webpack:///(rsc)/./src/a.ts` a layer.
 */
function inProject(rest: string): string {
  const project = /^[^[]*\[project\]\/(?<path>.*)$/.exec(rest)?.groups?.['path'];
  if (project !== undefined) return project;
  const dotted = /^(?:.*?\/)?(?<path>\.{1,2}\/.*)$/.exec(rest)?.groups?.['path'];
  if (dotted !== undefined) return dotted;
  return rest.startsWith('/') ? rest.slice(1) : rest.replace(/^(?:@[^/]+\/)?[^/]*\//, '');
}

function isRuntime(path: string): boolean {
  return RUNTIME.test(path.replace(/^(?:\.{1,2}\/)+/, ''));
}

function withoutQuery(path: string): string {
  return path.replace(/\?.*$/, '');
}
