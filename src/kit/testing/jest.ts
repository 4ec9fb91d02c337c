import { matchers } from './matchers.js';
import type { BoundOptions } from './options.js';

/**
 * `import 'leak-lab/testing/jest'` in a test or a setup file adds `toStayBounded` to jest's global `expect`. The cast
 * names the one method that is used: jest's own types may not be installed.
 */
(globalThis as unknown as { expect: { extend(given: object): void } }).expect.extend(matchers);

declare global {
  namespace jest {
    interface Matchers<R> {
      /** Fails when memory grows with the calls. The function gets the number of the call. See {@link BoundOptions}. */
      toStayBounded(options?: BoundOptions): Promise<R>;
    }
  }
}
