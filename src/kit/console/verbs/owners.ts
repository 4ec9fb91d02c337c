import type { ModulesContainer } from '@nestjs/core';
import type { LiveHeap } from '../live-heap.js';
import { livePath } from '../live-path.js';
import { printedBy, type Verb } from './verb.js';

interface Context {
  modules: ModulesContainer;
  say: (note: string) => void;
  own: () => { roots: object[]; program: unknown[] };
}

export function ownerVerbs(_heap: LiveHeap, { modules, own }: Context): Verb[] {
  return [
    {
      usage: 'path(x)',
      help: 'who holds a live object: the way to it from its Nest module',
      call: (target: object) => {
        const found = livePath(target, modules, [modules, ...own().roots]);
        return found && printedBy(found, ({ text }) => text);
      },
    },
  ];
}
