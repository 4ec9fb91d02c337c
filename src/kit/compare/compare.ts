import { isAbsolute, relative } from 'node:path';
import { afterRest, type CodePlace, type Context, type Diagnosis, explain } from '../diagnosis/index.js';
import { isSettled } from '../verdict/index.js';
import { AnswerCheck } from './answers.js';
import { conclude, memoryChange } from './conclude.js';
import { costsOf } from './costs.js';
import { measureBoth, type MeasuredBoth, type Sides } from './measure-both.js';
import type { CompareOptions, Comparison, Version } from './model.js';
import { Side } from './rounds.js';
import { suspectChange } from './suspect-change.js';

/** Why two passes: see `compare`. */
const MOST_PASSES = 2;

/**
 * Compares two versions of a service under the same load: same requests, same order, in rounds that take turns. Memory
 * is read after collections, answers are compared, and where a version leaks, its suspects are named.
 *
 * What grew and turns out to be a cache that fills is full by then, or nearly so. Both versions are then measured once
 * more, from where they are.
 *
 * @throws Problem when a version ends or does not answer
 */
export async function compare(before: Version, after: Version, options: CompareOptions): Promise<Comparison> {
  const startMs = performance.now();
  const answers = new AnswerCheck(before, after, options.answers);
  let sides: Sides = { before: new Side(before), after: new Side(after) };
  let requests = 0;
  for (let pass = 1; ; pass += 1) {
    const from = Math.max(sides.before.sent, sides.after.sent);
    sides = { before: new Side(before, from), after: new Side(after, from) };
    // To name its suspects, a version got requests that the other did not get, and may answer differently since.
    const both = await measureBoth(sides, from, pass === 1 ? answers : null, options);
    requests += both.requests;
    const diagnoses = await explainBoth(sides, both, options);
    const memory = memoryChange(diagnoses.before, diagnoses.after, both.judged.difference);
    if (pass < MOST_PASSES && !isSettled(memory) && answers.result().kind !== 'different') continue;
    const costs = costsOf(sides.before.costs, sides.after.costs);
    return {
      verdict: conclude(memory, answers.result(), costs, options),
      memory,
      ...diagnoses,
      suspects: suspectChange(diagnoses.before, diagnoses.after),
      answers: answers.result(),
      costs,
      requests,
      differentRequests: repeated(requests, options),
      rounds: sides.before.costs.length,
      durationMs: Math.round(performance.now() - startMs),
    };
  }
}

function repeated(requests: number, { repeatsAfter }: CompareOptions): number | null {
  return repeatsAfter !== null && repeatsAfter < requests ? repeatsAfter : null;
}

/** Both versions rest at the same time; then each that grew is explained. */
async function explainBoth(
  { before, after }: Sides,
  { judged, startMs, roundSize }: MeasuredBoth,
  options: CompareOptions,
): Promise<{ before: Diagnosis; after: Diagnosis }> {
  const both = [
    { side: before, verdict: judged.before },
    { side: after, verdict: judged.after },
  ].map(({ side, verdict }) => ({
    folder: side.version.folder,
    context: contextOf(side, options, roundSize),
    measured: { verdict, samples: side.samples, startMs },
  }));
  const verdicts = await Promise.all(
    both.map(async ({ context, measured }) => {
      if (measured.verdict.kind !== 'leak') return measured.verdict;
      options.onProgress?.('letting both versions rest', 1);
      return afterRest(context, measured);
    }),
  );
  const diagnoses: Diagnosis[] = [];
  for (const [i, { context, measured, folder }] of both.entries()) {
    const explained = await explain(context, { ...measured, verdict: verdicts[i] ?? measured.verdict });
    diagnoses.push(withPlacesIn(folder, explained));
  }
  const [first, second] = diagnoses;
  if (!first || !second) throw new Error('both versions are explained');
  return { before: first, after: second };
}

/** Two copies of one file are in two folders, which are gone when the report is read. */
function withPlacesIn(folder: string, diagnosis: Diagnosis): Diagnosis {
  const inside = (place: CodePlace): CodePlace => {
    const file = relative(folder, place.file);
    return isAbsolute(place.file) && !file.startsWith('..') ? { ...place, file } : place;
  };
  const suspects = diagnosis.suspects.map((one) => ({ ...one, allocatedAt: one.allocatedAt.map(inside) }));
  return { ...diagnosis, suspects };
}

function contextOf(side: Side, { urls, signal, onProgress }: CompareOptions, roundSize: number): Context {
  const { name, target } = side.version;
  return {
    target,
    work: side.work(roundSize),
    options: {
      urls,
      snapshot: true,
      collect: true,
      maxPauseMs: undefined,
      force: false,
      signal,
      onProgress: (step, share) => onProgress?.(`${name}: ${step}`, share),
    },
  };
}
