import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { NoRegressionTest, RegressionTest } from '../kit/fix/index.js';
import { sourceFilesOf } from '../kit/fix/index.js';
import type { GrowthCode } from '../kit/outside/index.js';
import { Problem } from '../kit/problem.js';
import { runStep, type VersionCommand } from '../versions/index.js';
import type { BuiltCopies, ProveOptions } from './fix-prove.js';
import { growthSaid, type Runner, type TestedRequests, testText } from './fix-test-text.js';

const TEST_FILE = /(?<suffix>\.(?:test|spec)\.(?<extension>[cm]?[jt]sx?))$/;

/** How each runner runs one file. */
const RUNS: Record<Runner, (file: string) => string> = {
  vitest: (file) => `npx vitest run '${file}'`,
  jest: (file) => `npx jest --runInBand '${file}'`,
  'node:test': (file) => `node --test '${file}'`,
};

/**
 * Writes a test in the project's runner that sends the same load and judges what grew, and runs it in both copies: it has to fail before the
 * patch and to pass after it.
 */
export async function regressionTest(
  copies: BuiltCopies,
  options: ProveOptions,
  requests: TestedRequests,
  grows: GrowthCode | null,
): Promise<RegressionTest | NoRegressionTest> {
  const { root, start, signal, onProgress } = options;
  if (!isInstalled(root)) return { because: 'not-installed' };
  if (requests.replay !== undefined) return { because: 'replayed' };
  const runner = await runnerOf(root);
  const file = await freeFile(root, runner);
  const text = testText({ runner, start, requests, grows, file: basename(file) });
  onProgress('running the regression test before and after the patch');
  const runIn = async ({ folder }: VersionCommand): Promise<string | null> => {
    const written = join(folder, relative(root, file));
    await mkdir(dirname(written), { recursive: true });
    await writeFile(written, text);
    return ran(RUNS[runner](relative(root, file).split(sep).join('/')), folder, signal);
  };
  const [before, after] = await bothEnded(runIn(copies.before), runIn(copies.after));
  if (!before?.includes(`${growthSaid(grows)}: `))
    return { because: 'passes-before', ...(before !== null && { output: before }) };
  if (after !== null) return { because: 'fails-after', output: after };
  return { file, runner, text };
}

/** Waits for both, also where one fails: what they started has ended then. */
async function bothEnded<T>(one: Promise<T>, other: Promise<T>): Promise<[T, T]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}

/** Whether the project can find leak-lab, which the test runs. */
function isInstalled(root: string): boolean {
  try {
    createRequire(join(root, 'package.json')).resolve('leak-lab/package.json');
    return true;
  } catch {
    return false;
  }
}

async function runnerOf(root: string): Promise<Runner> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string> | undefined
  >;
  const all = { ...manifest.dependencies, ...manifest.devDependencies };
  return all['vitest'] ? 'vitest' : all['jest'] ? 'jest' : 'node:test';
}

/** A file that is not there yet, beside the project's other tests and named as they are. */
async function freeFile(root: string, runner: Runner): Promise<string> {
  const tests = (await sourceFilesOf(root)).filter((file) => TEST_FILE.test(file));
  const example = tests.find((file) => relative(root, file).split(sep).length <= 2) ?? tests[0];
  const { suffix = '.test.mjs', extension = 'mjs' } = TEST_FILE.exec(example ?? '')?.groups ?? {};
  // Node runs no TypeScript on its own in all versions, and jest compiles only what it is configured for.
  const kept =
    runner === 'jest' || (runner === 'vitest' && extension === 'ts')
      ? suffix
      : suffix.replace(/\.\w+$/, '.mjs');
  const folder = example ? dirname(example) : join(root, 'test');
  for (let number = 1; ; number += 1) {
    const file = join(
      folder,
      `leak${number === 1 ? '' : `-${number}`}${runner === 'jest' && !example ? '.test.js' : kept}`,
    );
    if (!existsSync(file)) return file;
  }
}

/** Runs a command. @returns null where it succeeds, else what it printed */
async function ran(command: string, folder: string, signal: AbortSignal): Promise<string | null> {
  try {
    await runStep('regression test', command, folder, signal);
    return null;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.message;
  }
}
