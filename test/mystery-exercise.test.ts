import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { check as isFormatted, resolveConfig } from 'prettier';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exerciseOf, SERVICE_FILE } from '../src/mystery/exercise.js';
import { COMPILER, writeExercise } from '../src/mystery/folder.js';
import { hiddenBy } from '../src/mystery/hidden.js';
import { hintOf } from '../src/mystery/hints.js';
import { readPattern } from '../src/mystery/pattern.js';
import { specimenNames, type SpecimenName } from '../src/specimens/names.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-mystery-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A number that hides this pattern. */
function seedOf(name: SpecimenName): number {
  for (let seed = 0; ; seed += 1) if (hiddenBy(seed) === name) return seed;
}

describe.each(specimenNames)('the source that a learner gets of %s', (name) => {
  it('names neither the pattern nor the bug, and has nothing of the other half', async () => {
    const { files } = await exerciseOf(1, name);
    const { title, bug } = await readPattern(name);
    const given = Object.values(files).join('\n');
    for (const telling of [name, title, bug.says, '← the bug', 'Specimen', 'Met:', 'Fix:'])
      expect(given).not.toContain(telling);
    expect(given).not.toMatch(/leak|fixed|half of (the|a) pair|halves/i);
    expect(files[SERVICE_FILE]).toMatch(/^export class OrdersService (implements \w+ )?\{$/m);
  });

  it('has the line with the bug where the hint says', async () => {
    const { files, bugLine } = await exerciseOf(1, name);
    const { bug } = await readPattern(name);
    expect(files[SERVICE_FILE]?.split('\n')[bugLine - 1]?.trim()).toBe(bug.line);
  });

  it('is as well laid out as the code of the repository', async () => {
    const { files } = await exerciseOf(1, name);
    const config = await resolveConfig('src/mystery/exercise.ts');
    for (const file of Object.keys(files).filter((one) => one.endsWith('.ts')))
      expect(await isFormatted(files[file] ?? '', { ...config, filepath: file }), file).toBe(true);
  });

  it('has three hints, and only the last gives the pattern and the line away', async () => {
    const seed = seedOf(name);
    const [first, second, third] = await Promise.all(
      (['1', '2', '3'] as const).map(async (hint) => (await hintOf(seed, hint)).join('\n')),
    );
    const { bug } = await readPattern(name);
    for (const early of [first, second]) {
      expect(early).toMatch(/^[A-Z][^]*\.$/);
      expect(early).not.toContain(bug.line);
      expect(early).not.toMatch(/The pattern is|Line \d/);
    }
    expect(second).not.toBe(first);
    expect(third).toContain(bug.line);
    expect(third).toMatch(new RegExp(`^Line \\d+ of [^]*\\nThe pattern is ${name}\\. Its fix:\\n`));
  });
});

it('every exercise compiles, and nothing in it is unused, in both halves', async () => {
  const compiled = await Promise.all(
    specimenNames.flatMap((name) =>
      (['leaky', 'fixed'] as const).map(async (half) => {
        const into = join(folder, `${name}-${half}`);
        await writeExercise(into, await exerciseOf(1, name, half));
        return `${name}-${half}/*.ts`;
      }),
    ),
  );
  const { compilerOptions } = JSON.parse(
    await readFile(join(folder, `${specimenNames[0]}-leaky`, 'tsconfig.json'), 'utf8'),
  ) as { compilerOptions: object };
  const strict = { ...compilerOptions, noEmit: true, noUnusedLocals: true, noUnusedParameters: true };
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...strict, types: [] }, include: compiled }),
  );
  await promisify(execFile)(process.execPath, [COMPILER, '-p', folder]).catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
});

it('every pattern is hidden by numbers, and those of the lessons hide what the lessons mend', () => {
  const numbers = Array.from({ length: 400 }, (_, seed) => hiddenBy(seed));
  expect(new Set(numbers)).toEqual(new Set(specimenNames));
  // The lessons are written for these. If a new pattern took one over, give the lesson another number.
  expect([hiddenBy(4), hiddenBy(12)]).toEqual(['unbounded-map', 'audit-log']);
});
