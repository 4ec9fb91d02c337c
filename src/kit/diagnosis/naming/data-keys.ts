import { readFile, stat } from 'node:fs/promises';
import { isNodeFile } from '../../heap/index.js';
import { pathOf, type Script } from '../../process/scripts.js';
import type { RouteStep } from '../probe/index.js';

const IDENTIFIER = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;
/** A larger file is a bundle, whose names are most of them not those that are looked for. */
const LONGEST_BYTES = 32e6;

/**
 * The properties of plain objects on some routes that no script of the program names: keys of a dictionary, which are
 * data of the program, such as the name of a user. Scripts are read from their files, until all names are found.
 */
export async function dataKeys(
  routes: readonly (readonly RouteStep[])[],
  scripts: ReadonlyMap<string, Script>,
): Promise<Set<string>> {
  const wanted = new Set(routes.flatMap((route) => ofPlainObjects(route)));
  for (const { url } of scripts.values()) {
    if (wanted.size === 0) break;
    if (isNodeFile(url)) continue;
    const text = await textOf(pathOf(url));
    for (const [name] of text.matchAll(IDENTIFIER)) wanted.delete(name);
  }
  return wanted;
}

function ofPlainObjects(route: readonly RouteStep[]): string[] {
  return route.flatMap(({ edge }, at) =>
    edge.kind === 'property' && route[at - 1]?.className === 'Object' ? [edge.name] : [],
  );
}

/** Evaluated code has no file, and some files are not there any more. */
async function textOf(file: string): Promise<string> {
  try {
    return (await stat(file)).size <= LONGEST_BYTES ? await readFile(file, 'utf8') : '';
  } catch {
    return '';
  }
}
