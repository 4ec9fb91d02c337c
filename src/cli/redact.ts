import { existsSync } from 'node:fs';
import type { About } from '../command/help.js';
import { count } from '../command/format.js';
import { many, readOptions, text } from '../command/options.js';
import { interruptible } from '../command/run.js';
import { HeapSnapshotError, redactSnapshot } from '../kit/heap/index.js';
import { Problem } from '../kit/problem.js';

export const redactOptions = {
  files: {
    ...many(
      text({
        default: undefined,
        placeholder: 'IN OUT',
        why: 'the snapshot to read, and the file to write; it must not exist yet',
      }),
      2,
    ),
    positional: true as const,
  },
};

export const about: About = {
  usage: 'npm run redact --',
  purpose:
    "Writes a heap snapshot without the contents of its strings, so that it can be attached to an issue. Lengths, sizes, the graph and the names of code stay. Names of code are variables, functions, classes, files, and properties that code refers to: read the output's names before you publish it if these are secret.",
  options: redactOptions,
  examples: ['npm run redact -- app.heapsnapshot app.redacted.heapsnapshot'],
  exits: { 0: 'written', 2: 'the snapshot could not be read, or the output not written', 130: 'interrupted' },
};

export async function work(argv: string[]): Promise<number> {
  const { files } = readOptions(redactOptions, argv);
  const [input, output] = files;
  if (input === undefined || output === undefined) {
    throw new Problem('LEAK_LAB_SETTINGS', 'pass the snapshot to read and the file to write: redact IN OUT');
  }
  if (existsSync(output))
    throw new Problem('LEAK_LAB_WRITE', `${output} exists already; choose another name, or remove it`);
  return interruptible(async (signal) => {
    try {
      const { replaced, kept } = await redactSnapshot(input, output, signal);
      console.log(
        `${output}: ${count(replaced)} strings were replaced, ${count(kept)} names of code and of V8 stay`,
      );
      return 0;
    } catch (error) {
      if (error instanceof HeapSnapshotError)
        throw new Problem('LEAK_LAB_SNAPSHOT', error.message, { cause: error });
      throw error;
    }
  });
}
