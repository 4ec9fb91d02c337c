import { isNodeFile } from '../../heap/index.js';
import { pathOf, type Script } from '../../process/scripts.js';
import type { Context, Ranking } from '../model/context.js';
import type { Note } from '../model/notes.js';
import type { CodePlace, Suspect } from '../model/result.js';
import {
  dataKeys,
  fileName,
  Imports,
  type NameSource,
  SourceMaps,
  sourcesOf,
  withoutMap,
} from '../naming/index.js';
import type { GrownContainer, Probe } from '../probe/index.js';
import type { Allocation } from './allocation-profile.js';
import { weighByAllocations } from './allocation-share.js';
import { allocationSuspect } from './allocation-suspect.js';
import type { BetweenWalks } from './between-walks.js';
import { sharesThatAddUp } from './shares.js';
import { rank } from './suspects.js';

const PLACES_SHOWN = 5;
/** A function that allocates a smaller share of the live bytes is no clue. */
const LEAST_ALLOCATED = 0.03;

/** What two walks brought back. */
export interface Found {
  second: { grown: GrownContainer[]; now: number; timersMs: number[] };
  /** The largest first. Empty where no collection may be forced: without one, garbage counts as well. */
  allocations: Allocation[];
  between: BetweenWalks;
}

/** The same in the words of the program. */
export interface Named {
  ranking: Ranking;
  allocatedAt: CodePlace[];
  allocationSuspect: Suspect | null;
  notes: Note[];
}

/** Ranks and names what two walks brought back. */
export async function named({ target }: Context, probe: Probe, found: Found): Promise<Named> {
  const { second, allocations, between } = found;
  const { now } = second;
  if (!knowsAll(probe.scripts(), second.grown)) await probe.listScripts();
  const scripts = probe.scripts();
  const grown = await whereDeclared(second.grown, new Imports(scripts));
  const maps = new SourceMaps();
  await maps.load(scriptsNamed(grown, allocations, scripts));
  const sources = await sourcesOf(scriptsToRead(grown, scripts), scripts);
  const keys = await dataKeys(
    grown.map(({ route }) => route),
    scripts,
  );
  const source: NameSource = { scripts, maps, sources, dataKeys: keys, folder: target.facts.folder };
  const allocatedAt = placesOf(allocations, scripts, maps);
  const weighed = weighByAllocations(rank(grown, now, between, source), allocations, between);
  const shares = sharesThatAddUp(weighed.ranking, between);
  return {
    ranking: shares.ranking,
    notes: [...weighed.notes, ...shares.notes, ...(await noteOnMaps(weighed.ranking, source))],
    allocatedAt,
    allocationSuspect: allocationSuspect(allocations, allocatedAt, between, source),
  };
}

async function whereDeclared(grown: readonly GrownContainer[], imports: Imports): Promise<GrownContainer[]> {
  const declared: GrownContainer[] = [];
  for (const one of grown) declared.push({ ...one, route: await imports.route(one.route) });
  return declared;
}

/** What would name the suspects better. */
async function noteOnMaps({ suspects }: Ranking, { scripts, maps, folder }: NameSource): Promise<Note[]> {
  const ids = new Set(suspects.flatMap(({ grown }) => scriptsOnRoute(grown)));
  const found = await withoutMap(
    [...ids].flatMap((id) => scripts.get(id) ?? []),
    maps,
  );
  return found === null ? [] : [{ code: 'no-source-map', ...found, file: fileName(found.file, { folder }) }];
}

function scriptsOnRoute({ route }: GrownContainer): string[] {
  return route.flatMap(({ edge, classAt }) => [edge.script ?? [], classAt?.script ?? []].flat());
}

/** Whether no script was loaded since they were listed that a name needs. */
function knowsAll(scripts: ReadonlyMap<string, Script>, grown: readonly GrownContainer[]): boolean {
  return grown.every(({ route }) => route.every(({ edge: { script } }) => !script || scripts.has(script)));
}

/** More files are not read to find the code that ends entries. */
const MOST_READ = 300;

/** The scripts near the containers; where entries have an expiry, also the others that may act on it. */
function scriptsToRead(grown: readonly GrownContainer[], scripts: ReadonlyMap<string, Script>): string[] {
  const near = new Set(grown.flatMap(({ nearby }) => nearby.scripts));
  if (!grown.some(({ nearby }) => nearby.expiries.length > 0)) return [...near];
  const packages = new Set([...near].map((id) => packageOf(scripts.get(id)?.url ?? '')));
  const others = [...scripts.values()].filter(({ url }) => !isNodeFile(url) && packages.has(packageOf(url)));
  return [...new Set([...near, ...others.slice(0, MOST_READ).map(({ id }) => id)])];
}

/** The folder of the package that a file is in; empty for files of the program. */
function packageOf(url: string): string {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(url)?.[0] ?? '';
}

function scriptsNamed(
  grown: readonly GrownContainer[],
  allocations: readonly Allocation[],
  scripts: ReadonlyMap<string, Script>,
): Script[] {
  const ids = new Set([
    ...grown.flatMap((one) => scriptsOnRoute(one)),
    ...grown.map(({ calls }) => calls?.script),
    ...allocations.slice(0, PLACES_SHOWN).map(({ script }) => script),
  ]);
  return [...ids].flatMap((id) => (id === undefined ? [] : (scripts.get(id) ?? [])));
}

function placesOf(
  allocations: readonly Allocation[],
  scripts: ReadonlyMap<string, Script>,
  maps: SourceMaps,
): CodePlace[] {
  const all = allocations.reduce((sum, { bytes }) => sum + bytes, 0);
  return allocations
    .filter(({ bytes }) => bytes >= LEAST_ALLOCATED * all)
    .slice(0, PLACES_SHOWN)
    .map(({ function: name, script, line, column }) => {
      const found = scripts.get(script);
      const place = found ? maps.place(found, line, column) : { file: '', line, column };
      const written = maps.functionName(name, { script, line, column }, 'function');
      return { function: written, file: pathOf(place.file), line: place.line, column: place.column };
    });
}
