import type { Edge } from './types.js';

/** Where an object stands, by the names that lead to it: the same in every walk of one process. */
export interface Places {
  under(place: number, edge: Edge, className: string): number;
}

/**
 * Runs inside the patient, from its source: it may use nothing but what it is given.
 *
 * Numbers the places at which objects stand, by the names that lead there. All entries of a container stand at one
 * place, and so do the links of a chain: what is repeated is not a place of its own.
 */
export function makePlaces(): Places {
  const CYCLE = 4;
  const numbers = new Map<string, number>();
  const parents: number[] = [];
  const labels: string[] = [];
  return {
    under(place: number, edge: Edge, className: string): number {
      const owner = edge.kind === 'variable' ? `${edge.script} ${edge.scope} ` : '';
      const label = `${edge.kind} ${owner}${edge.name} ${className}`;
      let above = place;
      for (let back = 0; back < CYCLE && above >= 0; back += 1) {
        if (labels[above] === label) return above;
        above = parents[above]!;
      }
      const key = `${place} ${label}`;
      let number = numbers.get(key);
      if (number === undefined) {
        number = labels.push(label) - 1;
        parents.push(place);
        numbers.set(key, number);
      }
      return number;
    },
  };
}
