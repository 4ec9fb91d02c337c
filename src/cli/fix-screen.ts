import { colour } from '../command/screen.js';
import { wrap } from '../command/wrap.js';
import {
  assumptionText,
  declinedText,
  doneText,
  type Fixed,
  noRegressionText,
  packagePatch,
  type NoRegressionTest,
  type Proof,
  type RegressionTest,
  unifiedDiff,
} from '../kit/fix/index.js';

const WIDTH = 100;

interface Outcome {
  root: string;
  shown: (file: string) => string;
  written: boolean;
  /** Whether they are other patches than those that should have been written. */
  areOthers: boolean;
  proof: Proof | null;
  regression: RegressionTest | NoRegressionTest | null;
}

/** What `fix` prints. */
export function fixScreen(fixed: readonly Fixed[], outcome: Outcome): string[] {
  const { shown, proof, regression } = outcome;
  return [
    ...fixed.flatMap((one) => [...suspectLines(one, outcome), '']),
    ...(proof ? [...proofLines(proof), ''] : []),
    ...(regression ? [...regressionLines(regression, shown), ''] : []),
    ...closing(fixed, outcome),
  ];
}

function closing(fixed: readonly Fixed[], { written, areOthers, proof }: Outcome): string[] {
  if (written)
    return [
      proof ? 'Written.' : 'Written. Compare the service with what it was: leak-lab compare, or fix --prove.',
    ];
  if (areOthers)
    return [
      'Nothing was written: these are not the patches of --digest, because the source or the diagnosis has changed. Read them before you apply them.',
    ];
  if (proof && !proof.isProved) return ['Nothing was written: the proof failed.'];
  return fixed.some((one) => 'patch' in one) ? ['Nothing was written. Apply with --write.'] : [];
}

function proofLines({ isProved, kind, confidence, text, requests }: Proof): string[] {
  const sure = confidence > 0 ? ` (${(100 * confidence).toFixed(1)} % sure)` : '';
  const title = `${isProved ? 'Proved' : 'Not proved'}: ${kind}${sure}, after ${requests.toLocaleString('en')} requests to each version`;
  return [colour(['bold', isProved ? 'green' : 'red'], title), ...indented(text)];
}

function regressionLines(regression: RegressionTest | NoRegressionTest, shown: Outcome['shown']): string[] {
  return 'text' in regression
    ? [`A regression test for ${regression.runner} failed before and passed after: ${shown(regression.file)}`]
    : noRegressionText(regression).split('\n');
}

function suspectLines(fixed: Fixed, { root, shown }: Pick<Outcome, 'root' | 'shown'>): string[] {
  const { rank, name, advice } = fixed.suspect;
  const title = colour(['bold'], `${rank}. ${name}`);
  if ('declined' in fixed)
    return [
      title,
      ...indented(`No patch. ${declinedText(fixed.declined)}`),
      ...indented(`Advice: ${advice}`),
    ];
  const { file, before, after, does, assumptions } = fixed.patch;
  const ofPackage = packagePatch(root, fixed.patch);
  return [
    title,
    ...indented(doneText(does)),
    ...(assumptions.length > 0 ? indented('It is right if:') : []),
    ...assumptions.flatMap((one) => indented(`- ${assumptionText(one)}`)),
    ...(ofPackage
      ? indented(
          `The code is of the package ${ofPackage.name}. --write puts the patch into ${shown(ofPackage.file)}, which npx patch-package applies, and a postinstall script after each installation. Report the leak to its authors.`,
        )
      : []),
    '',
    ...unifiedDiff(shown(file), before, after)
      .trimEnd()
      .split('\n')
      .map((line) => coloured(line)),
  ];
}

function indented(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line) => wrap(line, WIDTH - 3))
    .map((line) => `   ${line}`);
}

function coloured(line: string): string {
  if (/^(?:---|\+\+\+|@@)/.test(line)) return colour(['dim'], line);
  if (line.startsWith('+')) return colour(['green'], line);
  return line.startsWith('-') ? colour(['red'], line) : line;
}
