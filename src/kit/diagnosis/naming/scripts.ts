import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { isNodeFile } from '../../heap/index.js';
import type { InspectorSession } from '../../process/session.js';

/** A file of the target, by V8's number. */
export interface Script {
  id: string;
  /** A path, or an address such as `file:///…` or `node:fs`. */
  url: string;
  /** Where its source map is; empty without one. */
  sourceMapUrl: string;
}

export function pathOf(url: string): string {
  return url.startsWith('file:') ? fileURLToPath(url) : url;
}

/** All scripts that the target has loaded. V8 collects garbage before it lists them. */
export async function scriptsOf(session: InspectorSession): Promise<Map<string, Script>> {
  const scripts = new Map<string, Script>();
  const stop = session.on('Debugger.scriptParsed', (params) => {
    const { scriptId, url, sourceMapURL } = params;
    scripts.set(scriptId, { id: scriptId, url, sourceMapUrl: sourceMapURL ?? '' });
  });
  try {
    await session.post('Debugger.enable', {});
    await session.post('Debugger.disable');
  } finally {
    stop();
  }
  return scripts;
}

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
    const file = pathOf(script.url);
    const read = async (): Promise<string> =>
      (await stat(file)).size <= LONGEST_BYTES ? readFile(file, 'utf8') : '';
    sources.set(id, await read().catch(() => '')); // evaluated code, or a file that is not there any more
  }
  return sources;
}
