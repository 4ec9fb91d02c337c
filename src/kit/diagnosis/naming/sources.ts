import { readFile, stat } from 'node:fs/promises';
import { isNodeFile } from '../../heap/index.js';
import { pathOf, type Script } from '../../process/scripts.js';

/** A larger file is data, or a bundle that takes too long to search. */
const LONGEST_BYTES = 8e6;

/** The text of these scripts, read from their files: asking V8 for it would stop the target once more. */
export async function sourcesOf(
  ids: Iterable<string>,
  scripts: ReadonlyMap<string, Script>,
): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const id of new Set(ids)) {
    const script = scripts.get(id);
    if (!script || isNodeFile(script.url)) continue;
    // Evaluated code, or a file that is not there any more, has none.
    sources.set(id, await textOf(pathOf(script.url)));
  }
  return sources;
}

/** The text of a file; empty where it cannot be read, or is too large. */
export async function textOf(file: string): Promise<string> {
  const read = async (): Promise<string> =>
    (await stat(file)).size <= LONGEST_BYTES ? readFile(file, 'utf8') : '';
  return read().catch(() => '');
}
