import { colour } from '../command/screen.js';
import { wrap } from '../command/wrap.js';
import { assumptionText, declinedText, doneText, type Fixed, unifiedDiff } from '../kit/fix/index.js';

const WIDTH = 100;

/** What `fix` prints. */
export function fixScreen(
  fixed: readonly Fixed[],
  { shown, written }: { shown: (file: string) => string; written: boolean },
): string[] {
  const lines = fixed.flatMap((one) => [...suspectLines(one, shown), '']);
  if (written)
    return [...lines, 'Written. Run the service, and compare it with what it was: leak-lab compare.'];
  return fixed.some((one) => 'patch' in one)
    ? [...lines, 'Nothing was written. Apply with --write.']
    : lines.slice(0, -1);
}

function suspectLines(fixed: Fixed, shown: (file: string) => string): string[] {
  const { rank, name, advice } = fixed.suspect;
  const title = colour(['bold'], `${rank}. ${name}`);
  if ('declined' in fixed)
    return [
      title,
      ...indented(`No patch. ${declinedText(fixed.declined)}`),
      ...indented(`Advice: ${advice}`),
    ];
  const { file, before, after, does, assumptions } = fixed.patch;
  return [
    title,
    ...indented(doneText(does)),
    ...indented('It is right if:'),
    ...assumptions.flatMap((one) => indented(`- ${assumptionText(one)}`)),
    '',
    ...unifiedDiff(shown(file), before, after).trimEnd().split('\n').map(coloured),
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
