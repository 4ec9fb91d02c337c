/**
 * What a test needs that not every machine has. `it.skipIf(!needed.isMet)(\`NAME${needed.note}\`, …)` skips the test and
 * puts the reason into its name.
 */
export interface Requirement {
  isMet: boolean;
  /** ` (skipped: REASON)`; empty when the requirement is met. */
  note: string;
}

export function requirement(isMet: boolean, reason: string): Requirement {
  return { isMet, note: isMet ? '' : ` (skipped: ${reason})` };
}

/** @param feature what the test uses that only Linux has, such as `/proc` or `script -c` of util-linux */
export function linuxWith(feature: string): Requirement {
  return requirement(process.platform === 'linux', `${feature} needs Linux`);
}

/** True where a missing program is an error: CI on Linux installs all of them with `.ci/debian-packages`. */
export const hasAllPrograms = process.platform === 'linux' && process.env['CI'] === 'true';
