import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The slow checks want minutes and quiet: CI runs them apart, with SLOW=1. */
const slow = process.env['SLOW'] === '1';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: [slow ? 'test/**/*.slow.test.ts' : 'test/**/*.test.ts'],
    exclude: slow ? [] : ['test/**/*.slow.test.ts'],
    pool: 'forks',
    // Most of a test is waiting for a process, so that two cores serve three. The slow ones want quiet.
    maxWorkers: slow ? 1 : 3,
    // For CI, which counts over several runs.
    reporters: process.env['TEST_RESULTS']
      ? ['default', ['json', { outputFile: process.env['TEST_RESULTS'] }]]
      : ['default'],
    execArgv: ['--expose-gc'],
    // What is measured is memory, which does not mind a busy machine; what is waited for is a real process.
    testTimeout: slow ? 600_000 : 120_000,
    hookTimeout: 120_000,
  },
});
