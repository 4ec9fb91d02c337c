import type { Container, OwnerName } from './container.js';
import type { Editor } from './editor.js';
import type { Attempt, Patch, SuspectFacts } from './model.js';
import type { Project } from './project.js';
import type { Source } from './source.js';

/** What a pattern may look at: one file, and what the diagnosis says of it. */
export interface Clue {
  project: Project;
  source: Source;
  suspect: SuspectFacts;
  /** What the suspect's name says of its owner; null where it names none. */
  owner: OwnerName | null;
  /** The suspect itself, if it is a container that this file creates. */
  container: Container | null;
  /** The lines of this file that the diagnosis names, those that allocate most first. */
  lines: readonly number[];
  /** The bound to write. */
  maxEntries: number;
}

/** Returns null where the code is not of its kind, so that the next pattern is tried. */
export type Pattern = (clue: Clue) => Attempt | Promise<Attempt>;

/** The patch of what an editor changed. */
export function patchOf(editor: Editor, about: Pick<Patch, 'pattern' | 'does' | 'assumptions'>): Patch {
  const { file, text: before } = editor.source;
  return { ...about, file, before, after: editor.toString() };
}
