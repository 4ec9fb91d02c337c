import { mustBeWritableFile, writeFiles } from '../../load/report.js';
import type { About } from '../command/help.js';
import { readOptions } from '../command/options.js';
import { interruptible } from '../command/run.js';
import { StatusLine } from '../command/screen.js';
import {
  digestOf,
  type Fixed,
  fixJson,
  fixSuspects,
  type NoRegressionTest,
  packagePatch,
  type Patch,
  projectRoot,
  type Proof,
  type RegressionTest,
  shownFrom,
  type SuspectFacts,
} from '../kit/fix/index.js';
import { workspaceRoot } from '../kit/diagnosis/index.js';
import { Problem } from '../kit/problem.js';
import { ScratchCopies } from '../versions/index.js';
import { PatchChecker } from './fix-check.js';
import { suspectsOf } from './fix-input.js';
import { fixOptions, type FixSettings } from './fix-options.js';
import { builtCopies, proofOf, type ProveOptions } from './fix-prove.js';
import { growsOutside, provedOutside } from './fix-prove-outside.js';
import { regressionTest } from './fix-regression.js';
import { fixScreen } from './fix-screen.js';
import { type Replacement, replaceFiles } from './replace-files.js';
import { requestSource } from './version-options.js';

export const about: About = {
  usage: 'npm run fix --',
  purpose:
    'Writes the patch for a leak that was diagnosed, or says why it writes none. A patch has to parse, compile and pass the tests of the project.',
  options: fixOptions,
  examples: [
    'npm run fix -- diagnosis.json',
    "npm run fix -- diagnosis.json --prove --start 'node server.js' --url 'http://127.0.0.1:{port}/orders/{n}' --write",
  ],
  exits: {
    0: 'a patch was made for at least one suspect, and proved if that was asked for',
    1: 'no patch, the proof failed, or the patches are not those of --digest: each reason is printed, and nothing is written',
    2: 'the diagnosis cannot be used, or a version could not be built, started or measured',
    130: 'interrupted; no file was changed',
  },
};

/** How often a line says what is done where the output is no terminal: a proof takes minutes. */
const PROGRESS_EVERY_MS = 15_000;

interface Result {
  fixed: Fixed[];
  proof: Proof | null;
  regression: RegressionTest | NoRegressionTest | null;
}

export async function work(argv: string[]): Promise<number> {
  const settings = readOptions(fixOptions, argv);
  if (settings.prove && settings.start === undefined)
    throw new Problem('LEAK_LAB_SETTINGS', '--prove needs --start CMD, the command that starts the service');
  if (settings.digest !== undefined && !settings.write)
    throw new Problem('LEAK_LAB_SETTINGS', '--digest says which patches to apply: pass --write as well');
  const requests = settings.prove ? await requestSource(settings) : null;
  return interruptible(async (signal) => {
    if (settings.json) await mustBeWritableFile(settings.json);
    const root = rootOf(settings);
    const suspects = await suspectsOf(settings, root, signal);
    const result = await tried(root, suspects, { settings, signal, requests });
    signal.throwIfAborted();
    return await reported(root, result, settings, signal);
  });
}

function rootOf({ folder = process.cwd() }: FixSettings): string {
  const root = projectRoot(folder);
  if (root === null)
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      `there is no package.json in ${folder} or above: pass the folder of the service with --folder`,
    );
  return root;
}

interface Run {
  settings: FixSettings;
  signal: AbortSignal;
  /** Null without a proof. */
  requests: ProveOptions['requests'] | null;
}

/** Everything that happens before a file of the author changes: in copies of the project. */
async function tried(
  root: string,
  suspects: SuspectFacts[],
  { settings, signal, requests }: Run,
): Promise<Result> {
  const status = new StatusLine(process.stderr, PROGRESS_EVERY_MS);
  const onProgress = (text: string): void => status.show(text);
  const copies = await ScratchCopies.of(workspaceRoot(root));
  try {
    const { test, noTest, maxEntries, start } = settings;
    const checker = new PatchChecker(copies, { root, test, skipTest: noTest, signal, onProgress });
    const fixed = await fixSuspects(suspects, { root, maxEntries, check: (patch) => checker.check(patch) });
    const patches = patchesOf(fixed);
    if (requests === null || start === undefined || patches.length === 0)
      return { fixed, proof: null, regression: null };
    const options: ProveOptions = {
      ...settings,
      root,
      start,
      requests,
      urls: settings.url,
      signal,
      onProgress,
    };
    const built = await builtCopies(copies, patches, options);
    const compared = await proofOf(built, options);
    const grows = growsOutside(fixed);
    const proof = grows === null ? compared.proof : await provedOutside(compared, grows, built, options);
    if (!proof.isProved) return { fixed, proof, regression: null };
    const regression = await regressionTest(built, options, settings, grows);
    return { fixed, proof, regression };
  } finally {
    status.clear();
    await copies.remove();
  }
}

const patchesOf = (fixed: readonly Fixed[]): Patch[] =>
  fixed.flatMap((one) => ('patch' in one ? [one.patch] : []));

/** Prints and writes what was found. @returns the exit code */
async function reported(
  root: string,
  { fixed, proof, regression }: Result,
  { write, json, digest: wanted }: FixSettings,
  signal: AbortSignal,
): Promise<number> {
  const shown = shownFrom(root);
  const patches = patchesOf(fixed);
  const test = regression && 'text' in regression ? regression : null;
  const isGood = patches.length > 0 && (proof?.isProved ?? true);
  const digest = isGood ? digestOf(patches, shown) : null;
  const areOthers = digest !== null && wanted !== undefined && wanted !== digest;
  const written = write && isGood && !areOthers;
  if (written)
    await replaceFiles(
      [
        ...patches.map((patch) => replacementOf(root, patch)),
        ...(test ? [{ file: test.file, before: null, after: test.text }] : []),
      ],
      signal,
    );
  console.log(fixScreen(fixed, { root, shown, written, areOthers, proof, regression }).join('\n'));
  if (json) {
    const about = { folder: root, written, digest, shown, proof, regressionTest: test };
    await writeFiles({ [json]: `${JSON.stringify(fixJson(fixed, about), null, 2)}\n` });
  }
  return isGood && !areOthers ? 0 : 1;
}

/** A patch of an installed package becomes a file of its own: an installation would undo it. */
function replacementOf(root: string, patch: Patch): Replacement {
  const ofPackage = packagePatch(root, patch);
  return ofPackage ? { file: ofPackage.file, before: null, after: ofPackage.text } : patch;
}
