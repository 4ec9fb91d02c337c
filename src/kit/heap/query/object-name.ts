import { labelOf } from '../answers/node-facts.js';
import type { Heap } from '../heap.js';
import { ownerPath } from '../path/owner-path.js';

/** What a person of the program calls an object: the end of its retaining path. Its own name where nothing retains it. */
export function nameOf(heap: Heap, node: number): string {
  return ownerPath(heap, node)?.name ?? labelOf(heap, node);
}
