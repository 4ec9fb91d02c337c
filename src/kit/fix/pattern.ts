import type { Container } from './container.js';
import type { Attempt, SuspectFacts } from './model.js';
import type { Project } from './project.js';
import type { Node, Source } from './source.js';

/** What a pattern may look at: one file, and what the diagnosis says of it. */
export interface Clue {
  project: Project;
  source: Source;
  suspect: SuspectFacts;
  /** The suspect itself, if it is a container that this file creates. */
  container: Container | null;
  /** What the diagnosis calls allocation sites in this file, the largest first. */
  sites: readonly Node[];
  /** The bound to write. */
  maxEntries: number;
}

/** Returns null where the code is not of its kind, so that the next pattern is tried. */
export type Pattern = (clue: Clue) => Attempt | Promise<Attempt>;
