import { containersNamed } from './container.js';
import type { Attempt, DeclinedReason, Patch, SuspectFacts } from './model.js';
import { declares, filesOf, nearest, ownerNameOf } from './owner.js';
import type { Clue } from './pattern.js';
import { PATTERNS } from './patterns/index.js';
import { Project, shownFrom } from './project.js';
import { parseSource, type Source, SyntaxProblem } from './source.js';
import { sitesOf } from './sites.js';

export interface FixOptions {
  /** The folder of the author's package.json. */
  root: string;
  /** The bound that is written into a patch. */
  maxEntries: number;
  /** Says whether a patch is right, such as the compiler of the project; null where nothing is wrong. */
  check?: (patch: Patch) => Promise<DeclinedReason | null>;
}

/** What became of one suspect. */
export type Fixed =
  { suspect: SuspectFacts; patch: Patch } | { suspect: SuspectFacts; declined: DeclinedReason };

/** Each suspect by itself; of two whose patches change one file, the first. */
export async function fixSuspects(suspects: readonly SuspectFacts[], options: FixOptions): Promise<Fixed[]> {
  const fixed: Fixed[] = [];
  for (const suspect of suspects) {
    const one = await fixSuspect(suspect, options);
    const changes = fileOf(one, options);
    const earlier = fixed.find((other) => 'patch' in other && other.patch.file === changes);
    fixed.push(
      earlier && changes !== null
        ? {
            suspect,
            declined: {
              code: 'patched-already',
              rank: earlier.suspect.rank,
              file: shownFrom(options.root)(changes),
            },
          }
        : one,
    );
  }
  return fixed;
}

/** The file that a patch changes, or that a patch would have to change where no pattern is known. */
function fileOf(fixed: Fixed, { root }: FixOptions): string | null {
  if ('patch' in fixed) return fixed.patch.file;
  return fixed.declined.code === 'no-pattern' ? (sitesOf(fixed.suspect, root)[0]?.file ?? null) : null;
}

/** Finds the owner of a suspect in the author's source, chooses a pattern, and makes a patch that parses. */
export async function fixSuspect(suspect: SuspectFacts, options: FixOptions): Promise<Fixed> {
  const project = new Project(options.root);
  const found = await cluesOf(suspect, project, options.maxEntries);
  if ('declined' in found) return { suspect, ...found };
  let declined: DeclinedReason | undefined;
  for (const clue of found.clues)
    for (const pattern of PATTERNS) {
      const attempt = await pattern(clue);
      const result = await checked(attempt, options);
      if (result && 'patch' in result) return { suspect, patch: result.patch };
      declined ??= result?.declined;
      if (result) break; // the code is of this pattern's kind, and no other one fits better
    }
  const isUnknown = suspect.kind === 'container' && found.clues.every(({ container }) => container === null);
  const { kind } = suspect;
  const [name = suspect.name] = suspect.name.split(' (');
  return {
    suspect,
    declined: declined ?? (isUnknown ? { code: 'owner-not-found', name } : { code: 'no-pattern', kind }),
  };
}

/** The files to look into: that with the owner's declaration, then those with a line that the diagnosis names. */
async function cluesOf(
  suspect: SuspectFacts,
  project: Project,
  maxEntries: number,
): Promise<{ clues: Clue[] } | { declined: DeclinedReason }> {
  const owner = ownerNameOf(suspect);
  const sites = sitesOf(suspect, project.root);
  const files = await filesOf(suspect, { name: owner, sites, project });
  if (files.length === 0) return { declined: { code: 'not-in-your-source' } };
  const owned: Clue[] = [];
  const others: Clue[] = [];
  for (const file of files) {
    let source: Source | null;
    try {
      source = await project.source(file);
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      const { message, line } = error;
      return { declined: { code: 'does-not-parse', file: project.shown(file), line, message } };
    }
    if (!source) continue;
    const containers = owner ? containersNamed(source, owner, suspect.type) : [];
    if (containers.length > 1)
      return { declined: { code: 'several-owners', name: suspect.name, count: containers.length } };
    const lines = sites.filter((site) => site.file === file).map(({ line }) => line);
    const clue = { project, source, suspect, owner, container: containers[0] ?? null, lines, maxEntries };
    if (owner && declares(source, owner)) owned.push(clue);
    else if (lines.length > 0) others.push(clue);
  }
  if (owned.length <= 1) return { clues: [...owned, ...others] };
  const builds = owned.map(({ source }) => project.shown(source.file));
  if (builds.every((file) => file.includes('node_modules/')))
    return { declined: { code: 'several-builds', files: builds } };
  const chosen = nearest(owned, sites);
  return chosen
    ? { clues: [chosen, ...others] }
    : { declined: { code: 'several-owners', name: suspect.name, count: owned.length } };
}

/** The first patch that parses and passes the check. */
async function checked(
  attempt: Attempt,
  { check }: FixOptions,
): Promise<{ patch: Patch } | { declined: DeclinedReason } | null> {
  if (attempt === null || 'declined' in attempt) return attempt;
  let declined: DeclinedReason | undefined;
  for (const patch of attempt.patches) {
    const wrong = syntaxOf(patch) ?? (await check?.(patch)) ?? null;
    if (wrong === null) return { patch };
    declined ??= wrong;
  }
  return declined ? { declined } : null;
}

function syntaxOf({ file, after }: Patch): DeclinedReason | null {
  try {
    parseSource(file, after);
    return null;
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return { code: 'edit-broke-syntax', message: error.message };
  }
}
