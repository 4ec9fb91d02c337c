import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SuspectFacts } from '../../src/kit/fix/index.js';
import type { PatternName } from '../../src/specimens/names.js';

/** A first suspect as a diagnosis of the leaky half named it, with the code of its lines instead of their numbers. */
interface Recorded extends Omit<SuspectFacts, 'rank' | 'allocatedAt'> {
  allocatedAt: { function: string; file: string; code: string; column: number }[];
}

/** The first suspects of the gallery, as `leak-lab diagnose --json` named them on Node 20. @param root of the repository */
export async function gallerySuspects(root: string): Promise<Record<PatternName, SuspectFacts>> {
  const recorded = JSON.parse(await readFile('test/support/gallery-suspects.json', 'utf8')) as Record<
    PatternName,
    Recorded
  >;
  const suspects = await Promise.all(
    Object.entries(recorded).map(async ([name, { allocatedAt, ...facts }]) => {
      const places = await Promise.all(
        allocatedAt.map(async ({ code, file, ...place }) => ({
          ...place,
          file: join(root, file),
          line: lineOf(await readFile(join(root, file), 'utf8'), code, file),
        })),
      );
      // What is outside V8's heap is named by its line.
      const suspect = facts.name.replace(/(?<=\.ts:)\d+/, String(places[0]?.line));
      return [name, { ...facts, name: suspect, rank: 1, allocatedAt: places }];
    }),
  );
  return Object.fromEntries(suspects) as Record<PatternName, SuspectFacts>;
}

/** In the leaky half, which comes first. */
function lineOf(text: string, code: string, file: string): number {
  const at = text.split('\n').findIndex((line) => line.trim().startsWith(code));
  if (at < 0) throw new Error(`${file} has no line ${code}: record its suspect again`);
  return at + 1;
}
