import { wholeName } from '../name-pattern.js';
import { existsSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { nameOf } from '../../lint/syntax.js';
import type { OwnerName } from './container.js';
import type { SuspectFacts } from './model.js';
import { filesThatRun, filesWritten } from './package-files.js';
import type { Project } from './project.js';
import type { Site } from './sites.js';
import { type Source, within } from './source.js';

const IS_SOURCE = /\.[cm]?[jt]sx?$/;

/** What a suspect's name says of its owner: `LeakyUserCache.users` of `UsersModule › LeakyUserCache.users (Map, …)`. */
export function ownerNameOf({ name }: SuspectFacts): OwnerName | null {
  const [subject = ''] = name.split(/ \(/);
  const last = subject.split(' › ').at(-1) ?? '';
  const [first = '', ...links] = last.split(/[.[]/);
  const isPlain =
    /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(first) &&
    links.every((one) => /^#?[\p{ID_Continue}$]+$/u.test(one));
  const [property = null, ...inner] = links;
  return isPlain ? { base: first, property, inner } : null;
}

const isOwn = (file: string): boolean => !/[\\/]node_modules[\\/]/.test(file);

/** The files of the project that a suspect names, absolute: those of its owner, and those that allocate. */
function filesNamed(
  { owner, name, path }: SuspectFacts,
  sites: readonly Site[],
  root: string,
): { owners: string[]; allocating: string[] } {
  const owners = [...`${owner} › ${name}`.split(/ › | \(|, of | at /), ...path]
    .map((one) => one.replace(/^.* (?:in|of) /, '').replace(/(?::\d+)*\)?$/, ''))
    .filter((one) => IS_SOURCE.test(one))
    .flatMap((file) => filesWritten(resolve(root, file)));
  const isHere = (file: string): boolean => file.startsWith(root + sep) && existsSync(file);
  return { owners: owners.filter(isHere), allocating: sites.map(({ file }) => file).filter(isHere) };
}

/** The files that may declare the owner: those that the suspect names, then those that declare its class. */
export async function filesOf(
  suspect: SuspectFacts,
  { name, sites, project }: { name: OwnerName | null; sites: readonly Site[]; project: Project },
): Promise<string[]> {
  const { owners, allocating } = filesNamed(suspect, sites, project.root);
  const named = [...owners.filter(isOwn), ...allocating.filter(isOwn)];
  // A package is patched only where the owner itself is in it: what allocates there may be used by anybody.
  const ofPackage = owners
    .filter((file) => !isOwn(file))
    .flatMap((file) => filesThatRun(file, suspect.rawPath, project.root));
  if (name === null || ofPackage.length > 0) return [...new Set([...ofPackage, ...named])];
  const declaring = new RegExp(`\\bclass\\s+${wholeName(name.base)}`);
  const found: string[] = [];
  for (const file of await project.files())
    if (declaring.test((await project.text(file)) ?? '')) found.push(file);
  return [...new Set([...named, ...found])];
}

/** Whether a file declares the owner: its class, or the variable that it is. */
export function declares({ program }: Source, { base, property }: OwnerName): boolean {
  for (const node of within(program)) {
    if (property === null ? node.type === 'VariableDeclarator' : /^Class(?:Decl|Expr)/.test(node.type))
      if (nameOf(node['id'] as Parameters<typeof nameOf>[0]) === base) return true;
  }
  return false;
}

/** Of several files that declare something of the same name, that nearest to the lines that allocate; null where two are as near. */
export function nearest<T extends { source: Source }>(clues: readonly T[], sites: readonly Site[]): T | null {
  const scored = clues
    .map((clue) => ({
      clue,
      score: Math.max(0, ...sites.map(({ file }) => commonFolders(file, clue.source.file))),
    }))
    .toSorted((a, b) => b.score - a.score);
  const [first, second] = scored;
  return first && first.score > (second?.score ?? -1) ? first.clue : null;
}

/** How many folders two files have in common; one more where they are the same file. */
function commonFolders(one: string, other: string): number {
  const [a, b] = [one.split(sep), other.split(sep)];
  let count = 0;
  while (count < a.length && a[count] === b[count]) count += 1;
  return count;
}
