import { type AccumulationPoint, contentsOf, type Heap } from '../../heap/index.js';

/** Below this share of an entry's bytes nothing is worth a step, and a step of one entry alone says what its class says. */
const FEWEST_STEPS = 2;

/**
 * What is inside the entries of an accumulation, one text for each step inwards: `Object`, `.notify()`,
 * `view (PriceView)`, `.lines (Array)`, `20 × Object`. Empty where the entries themselves are all there is to say.
 */
export function contentsText(heap: Heap, { kind, members }: AccumulationPoint): string[] {
  // The links of a chain retain each other, so that there is no inside of one.
  if (kind === 'chain') return [];
  const steps = contentsOf(heap, members);
  if (steps.length < FEWEST_STEPS) return [];
  return steps.map(({ via, className, perEntry }, at) => {
    const times = at > 0 && perEntry >= 2 ? `${Math.round(perEntry).toLocaleString('en')} × ` : '';
    if (className === null) return `${times}${via}`;
    return via === '' || via === '[…]' ? `${times}${className}` : `${times}${via} (${className})`;
  });
}
