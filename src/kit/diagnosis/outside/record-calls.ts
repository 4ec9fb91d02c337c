import { setTimeout as sleep } from 'node:timers/promises';
import type { GrowthCode } from '../../outside/index.js';
import type { InspectorSession } from '../../process/session.js';
import { type Maker, MAKERS } from './makers.js';
import { createRecorder, type Recorder, type RecordedSite } from './recorder.js';

/** Calls of a maker from one line. */
export interface CallSite extends Omit<RecordedSite, 'maker'> {
  /** What was called, such as `zlib.createGzip` or `sqlite.node.prepare`. */
  maker: string;
  /** Null for a function of an addon: what it makes is not known. */
  known: Maker | null;
  callsPerWork: number;
}

/** Which makers are watched. */
export interface Watched {
  /** Those that make one of these; null for all. */
  makes: readonly GrowthCode[] | null;
  /** Whether also those that are not JavaScript, which takes V8 longer (`nativeBreakpointCost`). */
  isNativeToo: boolean;
}

const ALL: Watched = { makes: null, isNativeToo: true };

const GROUP = 'leak-lab-calls';
/** As walks do. */
const SLICE_MS = 4;

/**
 * Counts the calls of makers during some work, by the line that calls. Breakpoints with a condition that notes the call
 * and is false: nothing stops, and nothing of the program is replaced. They cost 60 to 200 µs a call.
 */
export async function recordCalls(
  session: InspectorSession,
  work: () => Promise<number>,
  watched = ALL,
): Promise<CallSite[]> {
  const key = `leak-lab ${process.pid} ${Math.random()}`;
  const installed = await install(session, key, watched);
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
  /** By the index of the maker; without those that are not watched. */
  functionIds: Map<number, string>;
  names: string[];
}

async function install(session: InspectorSession, key: string, watched: Watched): Promise<Installed | null> {
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
    functionDeclaration: 'function () { return { names: this.names, natives: this.natives }; }',
    returnByValue: true,
  });
  const { names, natives } = listed.result.value as Pick<Recorder, 'names' | 'natives'>;
  const { result: list } = await session.post('Runtime.callFunctionOn', {
    objectId: result.objectId,
    functionDeclaration: 'function () { return this.functions; }',
    objectGroup: GROUP,
  });
  const { result: properties } = await session.post('Runtime.getProperties', {
    objectId: list.objectId ?? '',
    ownProperties: true,
  });
  const functionIds = new Map(
    properties.flatMap(({ name, value }): [number, string][] =>
      /^\d+$/.test(name) && value?.objectId !== undefined ? [[Number(name), value.objectId]] : [],
    ),
  );
  for (const [maker, name] of names.entries())
    if (!isWatched(name, natives[maker] === true, watched)) functionIds.delete(maker);
  return { recorderId: result.objectId, functionIds, names };
}

/** Of functions of addons, it is not known what they make: it may be memory. */
function isWatched(name: string, isNative: boolean, { makes, isNativeToo }: Watched): boolean {
  const maker = MAKERS.find((one) => one.name === name);
  if (isNativeToo ? maker?.isStandIn : isNative) return false;
  const made = maker?.makes ?? ['native-memory'];
  return makes === null || made.some((code) => makes.includes(code));
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
    for (const [maker, objectId] of functionIds) {
      const startMs = performance.now();
      const set = await session
        .post('Debugger.setBreakpointOnFunctionCall', { objectId, condition: conditionOf(key, maker) })
        .catch(() => null); // V8 cannot set one there
      if (set) breakpoints.push(set.breakpointId);
      // Commands that follow at once are handled in one turn of the event loop: one pause.
      if (performance.now() - startMs > SLICE_MS) await sleep(SLICE_MS);
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
