import type { Edge } from './walk-result.js';

/** A cycle of so many names is recognized as one. */
const LONGEST_CYCLE = 4;

/**
 * Numbers the paths on which objects are found, by the names along them. The number of a path is the same in every
 * walk of one process.
 *
 * All entries of a container have one path, and so have the links of a list: a step that repeats one of the last
 * steps leads back to it.
 */
export class PathIds {
  readonly #ids = new Map<string, number>();
  readonly #parents: number[] = [];
  readonly #labels: string[] = [];

  /** @param parent the path that the edge begins at; -1 for none */
  idOf(parent: number, edge: Edge, className: string): number {
    const declaredIn = edge.kind === 'variable' ? `${edge.script} ${edge.scope} ` : '';
    const label = `${edge.kind} ${declaredIn}${edge.name} ${className}`;
    let above = parent;
    for (let back = 0; back < LONGEST_CYCLE && above >= 0; back += 1) {
      if (this.#labels[above] === label) return above;
      above = this.#parents[above]!;
    }
    const key = `${parent} ${label}`;
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#labels.push(label) - 1;
      this.#parents.push(parent);
      this.#ids.set(key, id);
    }
    return id;
  }
}
