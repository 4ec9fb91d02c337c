import type { InspectorSession } from '../process/session.js';

/** The files of a program as V8 numbers them. */
export interface Script {
  id: string;
  /** A path, or an address such as `file:///…` or `node:fs`. */
  url: string;
  /** Where its source map is; empty without one. */
  sourceMapUrl: string;
}

export function isOfPackage(url: string): boolean {
  return /[\\/]node_modules[\\/]/.test(url);
}

/** All scripts that the patient has loaded. V8 collects garbage for this. */
export async function scriptsOf(session: InspectorSession): Promise<Map<string, Script>> {
  const scripts = new Map<string, Script>();
  const stop = session.on('Debugger.scriptParsed', (params) => {
    const { scriptId, url, sourceMapURL } = params as {
      scriptId: string;
      url: string;
      sourceMapURL?: string;
    };
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
