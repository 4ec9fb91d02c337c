import type autocannon from 'autocannon';
import { Problem } from '../src/kit/problem.js';

/**
 * Loads autocannon, the HTTP client that sends the load. It is loaded only here, because a service that imports the
 * kit's modules does not need its 63 packages.
 *
 * @throws Problem LEAK_LAB_PACKAGE. A command calls this before it attaches to a process.
 */
export async function loadEngine(): Promise<typeof autocannon> {
  try {
    return (await import('autocannon')).default;
  } catch (cause) {
    throw new Problem(
      'LEAK_LAB_PACKAGE',
      'sending load needs one more package: npm install --save-dev autocannon@9',
      { cause },
    );
  }
}
