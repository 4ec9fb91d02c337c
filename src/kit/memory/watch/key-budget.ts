import { countKeys, type CountKeys } from '../../census/index.js';

/** Counting may take this share of the time: one part in a thousand. */
const SHARE = 1 / 1000;

/**
 * Counts the keys of dictionaries the less often the longer it takes: V8 has to list them, and a million take a third
 * of a second. In between, the last count stands.
 */
export function budgetedKeys(now: () => number = () => performance.now()): CountKeys {
  const known = new WeakMap<object, { keys: number; again: number }>();
  return (dictionary) => {
    const start = now();
    const last = known.get(dictionary);
    if (last && start < last.again) return last.keys;
    const keys = countKeys(dictionary);
    const end = now();
    known.set(dictionary, { keys, again: end + (end - start) / SHARE });
    return keys;
  };
}
