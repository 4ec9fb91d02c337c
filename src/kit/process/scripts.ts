import { fileURLToPath } from 'node:url';
import type { InspectorSession } from './session.js';

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
