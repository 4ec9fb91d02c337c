import { createHash } from 'node:crypto';
import { unifiedDiff } from './diff.js';
import type { Patch } from './model.js';

/** Stands for these patches as they are printed: what was read once can be told from what would be written. */
export function digestOf(patches: readonly Patch[], shown: (file: string) => string): string {
  const diffs = patches.map(({ file, before, after }) => unifiedDiff(shown(file), before, after));
  return createHash('sha256').update(diffs.join('')).digest('hex');
}
