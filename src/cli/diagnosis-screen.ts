import { size } from '../command/format.js';
import type { Diagnosis } from '../kit/diagnosis/diagnosis.js';

/** What was found, line by line, for one screen of 80 columns. */
export function screen({ suspects, notes }: Diagnosis): string[] {
  return [
    ...suspects.flatMap(({ rank, name, share, retainedBytes, path, lesson }) => [
      `${rank}. ${name}`,
      `   ${share === null ? '' : `${Math.round(share * 100)} %, `}${retainedBytes === null ? '' : size(retainedBytes)}`,
      ...path.map((step) => `   ${step}`),
      `   ${lesson}`,
      '',
    ]),
    ...notes,
  ];
}
