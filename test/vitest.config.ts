import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Slow tests take minutes and need a quiet machine: SLOW=1 runs them instead of the others. */
const slow = process.env['SLOW'] === '1';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: [slow ? 'test/**/*.slow.test.ts' : 'test/**/*.test.ts'],
    exclude: slow ? [] : ['test/**/*.slow.test.ts'],
    pool: 'forks',
    // Tests mostly wait for processes, so two cores can run three. Slow tests run one at a time.
    maxWorkers: slow ? 1 : 3,
    // `.ci/run` adds up the results of several runs.
    reporters: process.env['TEST_RESULTS']
      ? ['default', ['json', { outputFile: process.env['TEST_RESULTS'] }]]
      : ['default'],
    execArgv: ['--expose-gc'],
    // Long, because a busy machine makes real processes slow; it does not change the memory that is measured.
    testTimeout: slow ? 1_800_000 : 120_000,
    hookTimeout: 120_000,
  },
});
