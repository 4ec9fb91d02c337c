import { expect } from 'vitest';
import { matchers } from './matchers.js';
import type { BoundOptions } from './options.js';

/** `import 'leak-lab/testing/vitest'`, in a test or a setup file, gives `expect` its matcher. */
expect.extend(matchers);

declare module 'vitest' {
  interface Matchers<T = any> {
    /** See {@link BoundOptions}. The function gets the number of the call. */
    toStayBounded(options?: BoundOptions): Promise<T>;
  }
}
