/**
 * Bundles the probe, which is the code that a diagnosis evaluates inside its target, from its compiled entry file into
 * one script without imports. See `src/kit/diagnosis/probe/index.ts`; `test/probe-bundle.test.ts` checks the result.
 */
export default {
  input: 'dist/src/kit/diagnosis/probe/inside/entry.js',
  output: {
    file: 'dist/src/kit/diagnosis/probe/inside.bundle.js',
    format: 'iife',
    name: 'leakLabProbe',
  },
};
