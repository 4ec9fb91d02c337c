import { isOutsideReason, type OutsideReason, outsideReasonText } from '../outside/index.js';
import { rateText, type Verdict, verdictText } from '../verdict/index.js';
import type { DiagnosisReason, EndedBecause, Reason } from './model/notes.js';
import { gainedText, signText } from './snapshot-words.js';
import { count, duration, megabytes, percent, signed } from './figures.js';
import type { DeclaredBound, RuledOutReason, Triage, WorkUnit } from './model/result.js';

/*
 * The sentences of a verdict, and of what is ruled out: the terminal and the page print them, JSON carries them beside the
 * codes. Each is a pure function of the facts. Those of the notes are in `note-words.ts`.
 */

/** Why the verdict is what it is, in one to three sentences. */
export function reasonText(verdict: Verdict<Reason>): string {
  const { reason, unit } = verdict;
  if (isOutsideReason(reason)) return outsideReasonText(reason, unit);
  if (!isOfDiagnosis(reason)) return verdictText({ ...verdict, reason });
  switch (reason.code) {
    case 'ended-early': {
      const what = `${ENDED[reason.because]} before there was a verdict. Until then, live memory went from ${megabytes(reason.firstBytes)} to ${megabytes(reason.lastBytes)} in ${reason.readings} readings over ${count(reason.work)} ${unit}s.`;
      return reason.grows
        ? `${what} It grew as steadily as a leak does, by ${rateText(verdict)}; a container that fills looks the same. Measure again to the end.`
        : `${what} Measure again to the end.`;
    }
    case 'traffic-stopped':
      return 'Memory did not grow as a whole, but the traffic stopped while it was measured, and without traffic no leak grows. Measure again while there is traffic.';
    case 'too-few-collections':
      return `V8 collected the whole heap only ${times(reason.collections)} in ${reason.seconds} s, and without forced collections a verdict rests on what at least ${reason.needed} of them left: until then, garbage and growth look the same. Measure for longer, with --watch SECONDS or more --requests; or allow the pause of a forced collection with --max-pause-ms, and without --no-gc.`;
    case 'given-back':
      return `Memory grew under load, but ${percent(reason.share)} of the growth was given back within ${Math.round(reason.afterMs / 1000)} s of rest. A cleanup or unfinished work does that. Measure over a longer time.`;
    case 'growth-stopped':
      return `Memory grew while it was measured, and hardly since. At the measured rate it would have gained ${megabytes(reason.expectedBytes)} while its cause was sought, but it gained ${megabytes(reason.grownBytes)}. A container that fills, a cleanup, or a window that follows the traffic does that. Measure again for longer.`;
    case 'explained-by-ruled-out':
      return `Memory grows, and ${percent(reason.share)} of the growth is in what was ruled out: ${reason.names.join(', ')}. Measure again for longer, or when it is full.`;
    case 'may-fill':
      return `Memory grows, and ${percent(reason.share)} of the growth is in ${reason.name}. It gains no entries, and has ${signText(reason.sign)}: it may be a window that fills. Measure again for longer.`;
    case 'did-not-work':
      return didNotWork(reason);
    case 'idle':
      return `Nothing used the process while it was watched for ${Math.round(reason.work)} s: it answered no request, and its event loop was idle. Memory that does not change means nothing then. Watch it while it works, or pass --url to send requests.`;
    case 'not-sure-enough':
      return `One of ${reason.parts} processes and threads seems to leak. That is ${percent(reason.confidence)} sure, which is not enough where so many are measured. Measure with more requests, or for longer.`;
    case 'grows-together':
      return `Each of the ${reason.parts} processes and threads is bounded by itself, but together they grew by ${rateText(verdict)}. Measure with more requests, or for longer.`;
    case 'part-not-measured':
      return `What was measured does not grow, but a part of the service was not measured to the end: ${reason.names.join(', ')}.`;
    case 'goes-on-beside':
      return `${reason.names.length > 0 ? `Most of the growth is in what fills or is emptied: ${reason.names.join(', ')}. Without that, memory still grows` : 'Growth slowed down, and goes on at a lower rate'}: one container takes ${reason.entriesPerWork.toFixed(2)} entries per ${unit}, ${count(reason.bytesPerWork)} bytes, did so throughout while it was counted, and declares no bound.`;
    case 'even-container':
      return `Memory grew by ${count(reason.bytesPerWork)} bytes per ${unit}, in steps, because hash tables double their size when they are full; it never fell. The entries grow evenly: one container takes ${reason.entriesPerWork.toFixed(2)} entries per ${unit}, declares no bound, and its present rate accounts for the growth since the start.`;
    case 'doubles':
      return `Memory grew by ${count(reason.bytesPerWork)} bytes per ${unit}, in steps: one buffer was replaced by one of twice the size several times, each time after twice the work, and it never fell. It is filled in step with the work, declares no bound, and accounts for the growth since the start.`;
  }
}

function didNotWork({ answered, work, by }: Extract<DiagnosisReason, { code: 'did-not-work' }>): string {
  const others =
    by.length === 0
      ? 'Which process answers is not known: pass its --pid.'
      : `Process${by.length > 1 ? 'es' : ''} ${by.join(', ')} answered: pass ${by.length > 1 ? 'one of them' : 'it'} as --pid, or no --pid to measure all that answer at --url.`;
  return answered === 0
    ? `This process did not do the work: it answered none of the ${count(work)} requests, so its memory says nothing about them. ${others}`
    : `What was measured answered only ${count(answered)} of the ${count(work)} requests, so the rest of the service may leak. ${others}`;
}

/** A record, so that a code that is missing here does not compile. */
const DIAGNOSIS_CODES: Record<Exclude<DiagnosisReason, OutsideReason>['code'], true> = {
  'ended-early': true,
  'traffic-stopped': true,
  'too-few-collections': true,
  'given-back': true,
  'growth-stopped': true,
  'explained-by-ruled-out': true,
  'may-fill': true,
  'did-not-work': true,
  idle: true,
  'not-sure-enough': true,
  'grows-together': true,
  'part-not-measured': true,
  'goes-on-beside': true,
  'even-container': true,
  doubles: true,
};

const ENDED: Record<EndedBecause, string> = {
  interrupted: 'The measurement was interrupted',
  'process-ended': 'The process ended',
  'no-answer': 'The process stopped answering',
};

function isOfDiagnosis(
  reason: Exclude<Reason, OutsideReason>,
): reason is Exclude<DiagnosisReason, OutsideReason> {
  return Object.hasOwn(DIAGNOSIS_CODES, reason.code);
}

/** Which memory grew, with the figures of all kinds. */
export function triageText({ heapBytes, arrayBuffersBytes, externalBytes, rssBytes }: Triage): string {
  return `In the second half of the measurement: V8 heap ${signed(heapBytes)}, array buffers ${signed(arrayBuffersBytes)}, other external memory ${signed(externalBytes)}, resident set ${signed(rssBytes)}.`;
}

/** Why something that grew is not a suspect, as the end of the sentence "NAME: …". */
export function ruledOutText(reason: RuledOutReason, bound: DeclaredBound | null, unit: WorkUnit): string {
  switch (reason.code) {
    case 'has-bound':
    case 'approaches-limit':
      if (bound === null) return 'it has a bound';
      return bound.filled === 1
        ? `it has filled to its bound, ${bound.declaredBy} (${bound.limit.toLocaleString('en')})`
        : `it is at ${percent(bound.filled)} of its bound, ${bound.declaredBy} (${bound.limit.toLocaleString('en')})`;
    case 'not-expired-yet':
      return reason.inMs > 0
        ? `its oldest entries expire in ${duration(reason.inMs)}`
        : 'its oldest entries have expired, and the next cleanup takes them';
    case 'cleaned-by-timer':
      return 'a timer empties it, with a period longer than the measurement';
    case 'was-emptied':
      return 'it was emptied during the measurement';
    case 'slows-down':
      return `it takes fewer new entries the more it has: ${reason.before.toFixed(3)} per ${unit}, then ${reason.after.toFixed(3)}`;
    case 'stopped-growing':
      return `it grew and then stopped, as a cache does that is full: ${gainedText(reason)}`;
    case 'gives-back':
      return `it gives back what it takes: ${gainedText(reason)}`;
    case 'replaced':
      return `its containers take turns: ${reason.containers.toLocaleString('en')} of them ${reason.containers === 1 ? 'was' : 'were'} replaced meanwhile, with the entries in there`;
    case 'ages':
      return `its code removes entries by their age, and ${percent(reason.share)} of the growth was given back within ${Math.round(reason.afterMs / 1000)} s`;
    case 'turns-over':
      return `it drops what is old for what is new: ${megabytes(reason.cameBytes)} came and ${megabytes(reason.wentBytes)} went`;
    case 'grows-with':
      return `it grows entry by entry with ${reason.name}`;
  }
}

function times(value: number): string {
  return value === 1 ? 'once' : `${value} times`;
}
