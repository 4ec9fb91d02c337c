import type { About } from '../command/help.js';
import { many, readKnobs, text } from '../command/knobs.js';
import { interruptible } from '../command/run.js';
import { Problem } from '../kit/problem.js';
import { diagnoseSnapshots } from './diagnose-files.js';
import { mustBePresentable, outputKnobs, present } from './diagnosis-output.js';

export const diagnoseKnobs = {
  files: {
    ...many(
      text({
        default: undefined,
        placeholder: 'FILE',
        why: 'a heap snapshot; or two of one process, the earlier one first',
      }),
      2,
    ),
    positional: true,
  },
  ...outputKnobs,
} as const;

export const about: About = {
  usage: 'npm run diagnose --',
  purpose: 'Names what holds the memory: its owner, the path that keeps it, and what to try.',
  knobs: diagnoseKnobs,
  examples: ['npm run diagnose -- before.heapsnapshot after.heapsnapshot --json diagnosis.json'],
  exits: {
    0: 'the snapshots were read',
    2: 'they could not be read',
    130: 'interrupted',
  },
};

export async function work(argv: string[]): Promise<number> {
  const { files, ...output } = readKnobs(diagnoseKnobs, argv);
  if (files.length === 0) {
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      'there is nothing to diagnose: give one .heapsnapshot file, or two of one process, the earlier one first',
    );
  }
  return interruptible(async (signal) => {
    await mustBePresentable(output);
    await present(await diagnoseSnapshots(files, signal), output);
    return 0;
  });
}
