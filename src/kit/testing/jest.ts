import { matchers } from './matchers.js';
import type { BoundOptions } from './options.js';

/** `import 'leak-lab/testing/jest'`, in a test or a setup file, gives jest's global `expect` its matcher. */
(globalThis as unknown as { expect: { extend(given: object): void } }).expect.extend(matchers);

declare global {
  namespace jest {
    interface Matchers<R> {
      /** See {@link BoundOptions}. The function gets the number of the call. */
      toStayBounded(options?: BoundOptions): Promise<R>;
    }
  }
}
