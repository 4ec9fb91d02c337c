import { countKeys, type CountKeys } from '../../census/index.js';

/** The largest share of time that counting keys may take. */
const SHARE = 1 / 1000;

/**
 * Limits the time spent on counting keys of dictionaries: V8 has to list them, which takes about 0.3 s for a million.
 * The longer a count takes, the later it is repeated; until then the last count is returned.
 *
 * @param now the clock, in milliseconds
 */
export function budgetedKeys(now: () => number = () => performance.now()): CountKeys {
  const counts = new WeakMap<object, { keys: number; validUntil: number }>();
  return (dictionary) => {
    const start = now();
    const last = counts.get(dictionary);
    if (last && start < last.validUntil) return last.keys;
    const keys = countKeys(dictionary);
    const end = now();
    counts.set(dictionary, { keys, validUntil: end + (end - start) / SHARE });
    return keys;
  };
}
