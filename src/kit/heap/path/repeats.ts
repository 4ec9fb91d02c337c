/** Steps that follow each other, so many times. */
export interface Repeat<Step> {
  steps: Step[];
  times: number;
}

/** Steps that lead from one link of a chain to the next are fewer. */
const MOST_STEPS = 32;
/** Fewer equal steps are no chain: a path of a tree has some. */
const FEWEST_TIMES = 3;

/** The steps of a path, with those that repeat once. @param keyOf equal for steps that are equal */
export function repeatsIn<Step>(steps: readonly Step[], keyOf: (step: Step) => string): Repeat<Step>[] {
  const keys = steps.map((step) => keyOf(step));
  const found: Repeat<Step>[] = [];
  for (let at = 0; at < steps.length;) {
    const { period, times } = repeatAt(keys, at);
    found.push({ steps: steps.slice(at, at + period), times });
    at += period * times;
  }
  return found;
}

/** The fewest steps that repeat from here; one step, once, where none do. */
function repeatAt(keys: readonly string[], start: number): { period: number; times: number } {
  for (let period = 1; period <= MOST_STEPS; period += 1) {
    let at = start;
    while (at + period < keys.length && keys[at] === keys[at + period]) at += 1;
    const times = Math.floor((at - start) / period) + 1;
    if (times >= FEWEST_TIMES) return { period, times };
  }
  return { period: 1, times: 1 };
}
