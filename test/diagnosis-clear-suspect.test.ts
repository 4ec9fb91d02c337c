import { expect, it } from 'vitest';
import { clearSuspect } from '../src/kit/diagnosis/clear-suspect.js';
import type { Diagnosis, Target } from '../src/kit/diagnosis/index.js';
import type { Candidate, Context } from '../src/kit/diagnosis/model/context.js';
import { noteText } from '../src/kit/diagnosis/note-words.js';
import type { Probe } from '../src/kit/diagnosis/probe/index.js';
import { aDiagnosis, aSuspect } from './support/diagnoses.js';
import { grown, step } from './support/walked.js';

/** Clears nothing: a call would fail. What it clears is tested in a process, by targets.ts. */
const probe = {} as Probe;

function context(isAgreed: boolean): Context & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    target: { pid: 1 } as Target,
    work: { unit: 'request', round: async () => 0 },
    options: {
      urls: [],
      snapshot: true,
      collect: true,
      maxPauseMs: undefined,
      force: false,
      signal: new AbortController().signal,
      confirmClear: async ({ name }) => {
        asked.push(name);
        return isAgreed;
      },
    },
  };
}

const suspect = aSuspect();
const one: Candidate = { suspect, grown: grown({}) };
const ofKind = (other: Parameters<typeof grown>[0]): Candidate[] => [{ suspect, grown: grown(other) }];
const handles = ofKind({ route: [step('root', 'open handles of FSReqCallback', 'Array')] });

it.each<[string, Diagnosis, Candidate[], RegExp]>([
  ['there is no suspect', aDiagnosis({ suspects: [] }), [one], /there is no suspect/],
  ['only a snapshot found it', aDiagnosis(), [], /found by the walk/],
  ['it is a list of handles', aDiagnosis(), handles, /closed by the code that opened them/],
  ['it is a string', aDiagnosis(), ofKind({ kind: 'String' }), /cut by the code that appends/],
  ['it is a linked list', aDiagnosis(), ofKind({ kind: 'List' }), /only a single Map/],
  ['it is a Buffer', aDiagnosis(), ofKind({ kind: 'Buffer' }), /only a single Map/],
  ['it stands for several containers', aDiagnosis(), ofKind({ containers: 3 }), /only a single Map/],
  ['another candidate has the same name', aDiagnosis(), [one, { ...one }], /only a single Map/],
])('nothing is cleared, and nobody is asked, where %s', async (_, diagnosis, candidates, reason) => {
  const agreeing = context(true);
  const { clearResult, notes } = await clearSuspect(agreeing, probe, diagnosis, candidates);
  expect(clearResult).toBeUndefined();
  expect(notes.map(noteText).join('\n')).toMatch(reason);
  expect(agreeing.asked).toEqual([]);
});

it('nothing is cleared where the operator does not agree', async () => {
  const refusing = context(false);
  const { clearResult, notes } = await clearSuspect(refusing, probe, aDiagnosis(), [one]);
  expect(clearResult).toBeUndefined();
  expect(notes).toEqual([{ code: 'not-cleared', because: 'declined' }]);
  expect(refusing.asked).toEqual([suspect.name]);
});
