import type { Tested } from './caller.js';
import { growthOf } from './growth.js';
import type { BoundOptions } from './options.js';
import { mustBeSettled, sentencesOf } from './stays-bounded.js';

/** For `expect.extend(matchers)`, in vitest and in jest. */
export const matchers = {
  async toStayBounded(received: Tested, options: BoundOptions = {}) {
    if (typeof received !== 'function')
      throw new TypeError(`toStayBounded was given ${String(received)}: give expect() a function to call`);
    const growth = await growthOf(received, options);
    mustBeSettled(growth);
    return {
      pass: growth.kind === 'bounded',
      message: () =>
        growth.kind === 'leak'
          ? `expected memory to stay bounded\n${sentencesOf(growth)}`
          : `expected memory to grow\n${sentencesOf(growth)}`,
    };
  },
};
