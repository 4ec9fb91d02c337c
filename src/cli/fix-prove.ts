import { join, relative } from 'node:path';
import type { RequestSource } from '../../load/request-source.js';
import { type Comparison, comparisonText, verdictOf } from '../kit/compare/index.js';
import type { Patch, Proof } from '../kit/fix/index.js';
import { compareVersions, runStep, type ScratchCopies, type VersionCommand } from '../versions/index.js';

export interface ProveOptions {
  root: string;
  build: string | undefined;
  start: string;
  requests: RequestSource;
  urls: string[];
  connections: number;
  startTimeout: number;
  ignoreField: string[];
  ignoreHeader: string[];
  maxSlowdown: number;
  maxSeconds: number;
  signal: AbortSignal;
  onProgress: (text: string) => void;
}

/** Two copies of the project that can be started: as it is, and with the patches. */
export interface BuiltCopies {
  before: VersionCommand;
  after: VersionCommand;
}

export async function builtCopies(
  copies: ScratchCopies,
  patches: readonly Patch[],
  { root, build, start, signal, onProgress }: ProveOptions,
): Promise<BuiltCopies> {
  const make = async (name: string, isPatched: boolean): Promise<VersionCommand> => {
    onProgress(`copying the project for the version ${name}`);
    const copy = await copies.add(name);
    if (isPatched) for (const { file, after } of patches) await copies.write(copy, file, after);
    const folder = join(copy, relative(copies.root, root));
    if (build !== undefined) {
      onProgress(`building the version ${name}`);
      await runStep('build', build, folder, signal);
    }
    return { name, command: start, folder };
  };
  return { before: await make('before', false), after: await make('after', true) };
}

export interface Compared {
  proof: Proof;
  /** Whether all answers were the same, and not slower, and the memory of V8 did not grow more. */
  isHarmless: boolean;
}

/** Compares both under the same load. Proved is what makes the leak smaller or ends it, and changes no answer. */
export async function proofOf({ before, after }: BuiltCopies, options: ProveOptions): Promise<Compared> {
  const { requests, startTimeout, maxSlowdown, maxSeconds, ignoreField, ignoreHeader, onProgress } = options;
  const comparison = await compareVersions(before, after, {
    requests,
    connections: options.connections,
    startWithinMs: startTimeout * 1_000,
    urls: options.urls,
    repeatsAfter: requests.repeatsAfter,
    answers: {
      ignoreFields: ignoreField,
      ignoreHeaders: ignoreHeader.map((name) => name.toLowerCase()),
      comparer: undefined,
    },
    mostSlowdown: 1 + maxSlowdown / 100,
    limitMs: maxSeconds * 1_000,
    signal: options.signal,
    onProgress: (text) => onProgress(text),
  });
  const { kind, confidence, reason } = comparison.verdict;
  const proof: Proof = {
    isProved: kind === 'fixed' || kind === 'improved',
    kind,
    confidence,
    text: comparisonText(comparison) + hint(comparison, options),
    requests: comparison.requests,
    before: verdictOf(comparison.before).growthRate,
    after: verdictOf(comparison.after).growthRate,
  };
  return { proof, isHarmless: kind !== 'regressed' && reason.code !== 'answers-vary' };
}

function hint({ verdict }: Comparison, { build }: ProveOptions): string {
  return verdict.reason.code === 'same-leak' && build === undefined
    ? ' If the service runs from files that are built, pass --build CMD: without it, the patch was not in what ran.'
    : '';
}
