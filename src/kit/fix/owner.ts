import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { OwnerName } from './container.js';
import type { SuspectFacts } from './model.js';
import type { Project } from './project.js';

const IS_SOURCE = /\.[cm]?[jt]sx?$/;

/** What a suspect's name says of its owner: `LeakyUserCache.users` of `UsersModule › LeakyUserCache.users (Map, …)`. */
export function ownerNameOf({ name }: SuspectFacts): OwnerName | null {
  const [subject = ''] = name.split(/ \(/);
  const last = subject.split(' › ').at(-1) ?? '';
  const found =
    /^(?<base>[\p{ID_Start}$_][\p{ID_Continue}$]*)(?:\.(?<property>#?[\p{ID_Continue}$]+))?(?:[.[].*)?$/u.exec(
      last,
    )?.groups;
  return found?.['base'] === undefined ? null : { base: found['base'], property: found['property'] ?? null };
}

/** The files that a suspect names, absolute, those of its owner first. Files of packages and of Node are left out. */
export function filesNamed({ owner, name, path, allocatedAt }: SuspectFacts, root: string): string[] {
  const named = [...`${owner} › ${name}`.split(/ › | \(|, of | at /), ...path]
    .map((one) => one.replace(/^.* (?:in|of) /, '').replace(/(?::\d+)*\)?$/, ''))
    .filter((one) => IS_SOURCE.test(one));
  const all = [...named, ...allocatedAt.map(({ file }) => file)].map((file) =>
    isAbsolute(file) ? file : resolve(root, file),
  );
  return [...new Set(all)].filter((file) => !/[\\/]node_modules[\\/]/.test(file) && existsSync(file));
}

/** The files that may declare the owner: those that the suspect names, then those that declare its class. */
export async function filesOf(
  suspect: SuspectFacts,
  name: OwnerName | null,
  project: Project,
): Promise<string[]> {
  const named = filesNamed(suspect, project.root);
  const all = name === null ? [] : await project.files();
  const declaring = new RegExp(`\\b(?:class|const|let|var)\\s+${name?.base ?? ''}\\b`.replaceAll('$', '\\$'));
  const found: string[] = [];
  for (const file of all) if (declaring.test((await project.text(file)) ?? '')) found.push(file);
  return [...new Set([...named, ...found])];
}
