import { rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RequestSource } from '../../load/request-source.js';
import { bar, StatusLine } from '../command/screen.js';
import type { Comparison } from '../kit/compare/index.js';
import { Problem } from '../kit/problem.js';
import { compareVersions } from '../versions/index.js';
import { onExit } from '../versions/on-exit.js';
import { runStep } from '../versions/step.js';
import { exerciseOf } from './exercise.js';
import { COMPILER, madeFrom, writeExercise } from './folder.js';
import { hiddenBy } from './hidden.js';
import { MOST_SLOWDOWN } from './judgement.js';

/** New ids show the leak; one in ten requests asks for an id that both services know. */
const PATHS = [...Array.from({ length: 9 }, () => '/orders/{n}'), '/orders/again'];
const CONNECTIONS = 10;
const START_WITHIN_MS = 60_000;
const MEASURE_FOR_MS = 60_000;

export interface Checked {
  seed: number;
  comparison: Comparison;
}

/**
 * Compares the service in a learner's folder with its leaky original, which is written anew.
 *
 * @param expected number of the mystery, where it was given
 * @throws Problem when the folder is of another mystery, or its service cannot be built, started or measured
 */
export async function check(folder: string, signal: AbortSignal, expected?: number): Promise<Checked> {
  const made = await madeFrom(folder);
  if (expected !== undefined && expected !== made.seed)
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      `${folder} is mystery ${made.seed}, not ${expected}: give its folder, or leave --seed out`,
    );
  const exercise = await exerciseOf(made.seed, hiddenBy(made.seed));
  if (made.source !== exercise.made.source)
    throw new Problem(
      'LEAK_LAB_VERSION',
      `${folder} was made by another version of leak-lab, whose mystery ${made.seed} was another. Make a new one with npm run mystery -- --fix`,
    );
  const original = await realpath(await mkdtemp(join(tmpdir(), 'leak-lab-mystery-original-')));
  const forget = onExit(() => rmSync(original, { recursive: true, force: true }));
  const status = new StatusLine();
  const onProgress = (text: string, share: number): void => status.show(`${bar(share, 1)} ${text}`);
  try {
    onProgress('building both services', 0);
    await writeExercise(original, exercise);
    await build(folder, [], signal);
    await build(original, ['--noCheck'], signal);
    const command = `exec '${process.execPath}' dist/main.js`;
    const comparison = await compareVersions(
      { name: 'original', command, folder: original },
      { name: 'yours', command, folder },
      { ...options, signal, onProgress },
    );
    return { seed: made.seed, comparison };
  } finally {
    status.clear();
    await rm(original, { recursive: true, force: true });
    forget();
  }
}

const options = {
  requests: new RequestSource(PATHS.map((path) => ({ method: 'GET', path, body: undefined, headers: {} }))),
  connections: CONNECTIONS,
  startWithinMs: START_WITHIN_MS,
  urls: ['http://127.0.0.1:{port}/orders/{n}'],
  repeatsAfter: null,
  answers: { ignoreFields: [], ignoreHeaders: [] },
  mostSlowdown: MOST_SLOWDOWN,
  limitMs: MEASURE_FOR_MS,
};

function build(folder: string, flags: string[], signal: AbortSignal): Promise<void> {
  const command = [process.execPath, COMPILER, ...flags].map((part) => `'${part}'`).join(' ');
  return runStep('build', command, folder, signal);
}
