import { expect } from 'vitest';
import { matchers } from './matchers.js';
import type { BoundOptions } from './options.js';

/** `import 'leak-lab/testing/vitest'` in a test or a setup file adds `toStayBounded` to vitest's `expect`. */
expect.extend(matchers);

declare module 'vitest' {
  interface Matchers<T = any> {
    /** Fails when memory grows with the calls. The function gets the number of the call. See {@link BoundOptions}. */
    toStayBounded(options?: BoundOptions): Promise<T>;
  }
}
