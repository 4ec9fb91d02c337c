import { wrap } from '../command/wrap.js';
import { rateOf } from '../kit/compare/index.js';
import type { Suspect } from '../kit/diagnosis/index.js';
import type { Rate } from '../kit/verdict/index.js';
import type { Bisected, Step } from '../versions/index.js';

const WIDTH = 80;

/** What `bisect --json` writes. */
export interface BisectJson {
  schemaVersion: 1;
  /** The commits that were measured, in order. */
  steps: StepJson[];
  /** The first commit that leaks; null where skipped commits may be it as well. */
  found: { first: StepJson; parent: StepJson } | null;
  /** The commits of which one is the first that leaks. */
  candidates: string[];
  /** Suspects of the bad end, by name. */
  suspects: string[];
  /** Files that the commit changed. */
  files: string[];
  /** Those of them that the path or an allocation site of a suspect names. */
  suspectFiles: string[];
}

export interface StepJson {
  commit: string;
  /** Short commit and subject. */
  title: string;
  kind: Step['kind'];
  /** Bytes per request; null where it was not measured. */
  growthRate: Rate | null;
  reason: string;
  /** How many commits could have been the first that leaks, before this step. */
  candidates: number;
}

export function bisectJson(
  { steps, found, candidates }: Bisected,
  suspects: readonly Suspect[],
  files: string[],
): BisectJson {
  return {
    schemaVersion: 1,
    steps,
    found,
    candidates,
    suspects: suspects.map(({ name }) => name),
    files,
    suspectFiles: suspectFiles(files, suspects),
  };
}

/** `leak     1a2b3c4 Subject: 484 (482 to 486) bytes per request (39 candidates)`. */
export function stepLine({ kind, title, growthRate, reason, candidates }: Step): string {
  const known = kind === 'skipped' ? firstLine(reason) : `${rateOf(growthRate)} bytes per request`;
  const left = candidates === 1 ? '1 candidate' : `${candidates} candidates`;
  return `${kind.padEnd(8)} ${title}: ${known} (${left})`;
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

/** The result: the commit, both rates, and the files of its diff that a suspect names. */
export function foundLines(
  { found, candidates, steps }: Bisected,
  suspects: readonly Suspect[],
  files: readonly string[],
): string[] {
  const skipped = steps.filter(({ kind }) => kind === 'skipped').length;
  if (!found) {
    const text = `One of ${candidates.length} commits began to leak. Which one could not be told, because ${commits(skipped)} had to be skipped:`;
    return [...wrap(text, WIDTH), ...candidates.map((commit) => `  ${commit}`)];
  }
  const { first, parent } = found;
  const touched = suspectFiles(files, suspects);
  const listed = touched.length > 0 ? touched : files;
  return [
    `The leak began with ${first.title}`,
    ...wrap(
      `Memory changed by ${rateOf(parent.growthRate)} bytes per request before it, and grows by ${rateOf(first.growthRate)} with it. ${commits(steps.length - skipped)} measured${skipped > 0 ? `, ${skipped} skipped` : ''}.`,
      WIDTH,
    ),
    ...suspects.map(({ name }) => `suspect: ${name}`),
    touched.length > 0
      ? 'files of the commit that a suspect names:'
      : 'files of the commit, none of which a suspect names:',
    ...listed.map((file) => `  ${file}`),
  ];
}

const commits = (count: number): string => (count === 1 ? '1 commit' : `${count} commits`);

/** The files that a step of a suspect's path, its name or its allocation site names. */
export function suspectFiles(files: readonly string[], suspects: readonly Suspect[]): string[] {
  const named = suspects.flatMap(({ name, owner, path, allocatedAt }) => [
    name,
    owner,
    ...path,
    ...allocatedAt.map(({ file }) => file),
  ]);
  return files.filter((file) => named.some((text) => namesFile(text, file)));
}

/** The script of a path, without what a compiler changes: its extension. Null for what is no script. */
const scriptIn = (path: string): string | null => /^(.+)\.[cm]?[jt]sx?$/.exec(path)?.[1] ?? null;

/** Whether a text has this file: its path, the end of it, or what was built of it (`dist/a.js` of `src/a.ts`). */
function namesFile(text: string, file: string): boolean {
  const wanted = scriptIn(file);
  if (wanted === null) return false;
  const source = wanted.replace(/^(?:.*\/)?(?:src|source|app|lib)\//, '');
  return text.split(/[\s:(),›]+/).some((word) => {
    const script = scriptIn(word);
    if (script === null) return false;
    const [, built] = /(?:^|\/)(?:dist|build|out|output|lib)\/(.+)$/.exec(script) ?? [];
    return (
      script === wanted || script.endsWith(`/${wanted}`) || wanted.endsWith(`/${script}`) || built === source
    );
  });
}
