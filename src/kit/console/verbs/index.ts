import type { ModulesContainer } from '@nestjs/core';
import { LiveHeap, type LiveHeapOptions } from '../live-heap.js';
import { liveVerbs } from './live.js';
import { ownerVerbs } from './owners.js';
import { processVerbs } from './process.js';
import { pictureVerbs } from './pictures.js';
import type { Verb } from './verb.js';

/** All verbs of one client. */
export function verbsOf(options: LiveHeapOptions & { modules: ModulesContainer }): Verb[] {
  const live = liveVerbs(new LiveHeap(options));
  const owners = ownerVerbs(options);
  return [...live, ...owners, ...pictureVerbs([...live, ...owners]), ...processVerbs(options)];
}
