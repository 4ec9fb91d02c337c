/**
 * Bundles the probe, the code that a diagnosis evaluates inside its target, from its compiled entry file into one
 * expression. See `src/kit/diagnosis/probe/index.ts`.
 */
export default {
  input: 'dist/src/kit/diagnosis/probe/inside/entry.js',
  output: {
    file: 'dist/src/kit/diagnosis/probe/inside.bundle.js',
    format: 'iife',
    name: 'leakLabProbe',
  },
};
