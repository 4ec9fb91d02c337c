import type { InspectorSession } from '../../process/session.js';
import { type Maker, MAKERS } from './makers.js';
import { createRecorder, type RecordedSite } from './recorder.js';

/** Calls of a maker from one line. */
export interface CallSite extends Omit<RecordedSite, 'maker'> {
  /** What was called, such as `zlib.createGzip` or `sqlite.node.prepare`. */
  maker: string;
  /** Null for a function of an addon: what it makes is not known. */
  known: Maker | null;
  callsPerWork: number;
}

const GROUP = 'leak-lab-calls';

/**
 * Counts the calls of makers during some work, by the line that calls. Breakpoints with a condition that notes the call
 * and is false: nothing stops, and nothing of the program is replaced. They cost 60 to 200 µs a call.
 */
export async function recordCalls(
  session: InspectorSession,
  work: () => Promise<number>,
): Promise<CallSite[]> {
  const key = `leak-lab ${process.pid} ${Math.random()}`;
  const installed = await install(session, key);
  if (installed === null) return [];
  const { recorderId, names } = installed;
  const call = (method: 'sites' | 'close') =>
    session.post('Runtime.callFunctionOn', {
      objectId: recorderId,
      functionDeclaration: 'function (method) { return this[method](); }',
      arguments: [{ value: method }],
      returnByValue: true,
      silent: true,
    });
  try {
    const done = await underBreakpoints(session, installed, key, work);
    if (done === 0) return []; // the load was ended before
    await session.post('HeapProfiler.collectGarbage');
    const { result } = await call('sites');
    const sites = (result.value ?? []) as RecordedSite[];
    return withConstructors(sites).map((site) => callSite(site, names[site.maker] ?? '', done));
  } finally {
    await call('close').catch(() => {});
    await session.post('Runtime.releaseObjectGroup', { objectGroup: GROUP }).catch(() => {});
  }
}

/**
 * What a function such as `createHash` makes cannot be followed, but the constructor that it calls can: from the same
 * place, as often.
 */
export function withConstructors(sites: readonly RecordedSite[]): RecordedSite[] {
  const followed = sites.filter(({ aliveShare }) => aliveShare !== null);
  return sites.map((site) => {
    if (site.aliveShare !== null) return site;
    const made = followed.find(({ place, calls }) => calls === site.calls && isSame(place, site.place));
    return made ? { ...site, aliveShare: made.aliveShare } : site;
  });
}

const isSame = (a: RecordedSite['place'], b: RecordedSite['place']): boolean =>
  a !== null && b !== null && a.file === b.file && a.line === b.line && a.column === b.column;

function callSite({ place, calls, aliveShare }: RecordedSite, maker: string, work: number): CallSite {
  const known = MAKERS.find(({ name }) => name === maker) ?? null;
  return { maker, known, place, calls, aliveShare, callsPerWork: calls / work };
}

interface Installed {
  recorderId: string;
  functionIds: string[];
  names: string[];
}

async function install(session: InspectorSession, key: string): Promise<Installed | null> {
  const finders = MAKERS.map(({ name, expression }) => `[${JSON.stringify(name)}, (n) => ${expression}]`);
  const { result } = await session.post('Runtime.evaluate', {
    expression: `(${createRecorder.toString()})(process.getBuiltinModule ?? require, [${finders.join(', ')}], ${JSON.stringify(key)})`,
    includeCommandLineAPI: true,
    objectGroup: GROUP,
    silent: true,
  });
  if (result.objectId === undefined || result.subtype === 'error') return null;
  const listed = await session.post('Runtime.callFunctionOn', {
    objectId: result.objectId,
    functionDeclaration: 'function () { return this.names; }',
    returnByValue: true,
  });
  const { result: list } = await session.post('Runtime.callFunctionOn', {
    objectId: result.objectId,
    functionDeclaration: 'function () { return this.functions; }',
    objectGroup: GROUP,
  });
  const { result: properties } = await session.post('Runtime.getProperties', {
    objectId: list.objectId ?? '',
    ownProperties: true,
  });
  const functionIds = properties.flatMap(({ name, value }) =>
    /^\d+$/.test(name) && value?.objectId !== undefined ? [value.objectId] : [],
  );
  return { recorderId: result.objectId, functionIds, names: listed.result.value as string[] };
}

async function underBreakpoints(
  session: InspectorSession,
  { functionIds }: Installed,
  key: string,
  work: () => Promise<number>,
): Promise<number> {
  const breakpoints: string[] = [];
  await session.post('Debugger.enable', {});
  try {
    for (const [maker, objectId] of functionIds.entries()) {
      const set = await session
        .post('Debugger.setBreakpointOnFunctionCall', { objectId, condition: conditionOf(key, maker) })
        .catch(() => null); // V8 cannot set one there
      if (set) breakpoints.push(set.breakpointId);
    }
    return await work();
  } finally {
    for (const breakpointId of breakpoints)
      await session.post('Debugger.removeBreakpoint', { breakpointId }).catch(() => {});
    await session.post('Debugger.disable').catch(() => {});
  }
}

/** In a derived constructor, `this` cannot be read before `super()`; in a native one, there is none. */
function conditionOf(key: string, maker: number): string {
  const made = '(() => { try { return this; } catch {} })()';
  return `(globalThis[${JSON.stringify(key)}]?.(${maker}, ${made}), false)`;
}
