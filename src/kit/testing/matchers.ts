import type { Tested } from './caller.js';
import { growthOf } from './growth.js';
import type { BoundOptions } from './options.js';
import { growthText, requireSettled } from './stays-bounded.js';

/** For `expect.extend(matchers)`, in vitest and in jest. Throws what `growthOf` does, and LEAK_LAB_UNSETTLED. */
export const matchers = {
  async toStayBounded(received: Tested, options: BoundOptions = {}) {
    if (typeof received !== 'function')
      throw new TypeError(
        `toStayBounded got ${String(received)}. Pass a function to expect(); it is called.`,
      );
    const growth = await growthOf(received, options);
    requireSettled(growth);
    return {
      pass: growth.kind === 'bounded',
      message: () =>
        growth.kind === 'leak'
          ? `expected memory to stay bounded\n${growthText(growth)}`
          : `expected memory to grow\n${growthText(growth)}`,
    };
  },
};
