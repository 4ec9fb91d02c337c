import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The folder of the installed package that a file is in; null for a file of the project. */
function packageOf(file: string): string | null {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/.exec(file)?.[0] ?? null;
}

/**
 * The files of a package that run, for one that a diagnosis names: a source map may have led it to what they were built
 * of, and a change of that would have no effect.
 *
 * @param rawPath how a diagnosis of a process reached the owner, by the scripts that it runs; undefined without one
 */
export function filesThatRun(file: string, rawPath: readonly string[] | undefined, root: string): string[] {
  const folder = packageOf(file);
  if (folder === null) return [file];
  const built = builtOf(file, folder);
  if (built.length === 0) return [file];
  const scripts = new Set((rawPath ?? []).map((one) => resolve(root, one)));
  const ran = built.filter((one) => scripts.has(one));
  return ran.length > 0 ? ran : built;
}

/**
 * The files that a file of the project was built of, where a source map beside it names them and they are here: snapshots
 * name what runs, and a change of that would be lost with the next build. Otherwise the file itself.
 */
export function filesWritten(file: string): string[] {
  if (packageOf(file) !== null) return [file];
  const written = sourcesOf(`${file}.map`).filter((one) => packageOf(one) === null && existsSync(one));
  return written.length > 0 ? written : [file];
}

/** The files of a package whose source maps name a file. */
function builtOf(file: string, folder: string): string[] {
  const maps = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (one) => /\.[cm]?js\.map$/.test(one) && !/(?:^|[\\/])node_modules[\\/]/.test(one),
  );
  return maps.flatMap((one) => {
    const map = join(folder, one);
    return sourcesOf(map).includes(file) ? [map.replace(/\.map$/, '')] : [];
  });
}

function sourcesOf(map: string): string[] {
  try {
    const { sources, sourceRoot } = JSON.parse(readFileSync(map, 'utf8')) as {
      sources?: (string | null)[];
      sourceRoot?: string;
    };
    return (sources ?? []).map((one) => resolve(dirname(map), sourceRoot ?? '', one ?? ''));
  } catch {
    return []; // no map that can be read
  }
}
