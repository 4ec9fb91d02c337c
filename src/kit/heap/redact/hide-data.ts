import type { HeapGraph } from '../graph/heap-graph.js';
import { namesToKeep } from './names-to-keep.js';

/**
 * Hides the contents of strings, as `redactSnapshot` does for a file: whatever is asked of the graph afterwards, names of
 * code are shown, and any other text is `x1a2.....`. It cannot be undone, and a search finds no hidden text.
 */
export function hideData(graph: HeapGraph): void {
  graph.strings.hide(namesToKeep(graph));
}
