import { memberName } from '../members/index.js';
import { type VerdictJson, verdictJson } from '../verdict/index.js';
import type {
  ClearResult,
  CodePlace,
  Diagnosis,
  LedgerChange,
  ProcessResult,
  RuledOut,
  RuledOutReason,
  Suspect,
  Triage,
  Trend,
  WorkUnit,
} from './model/result.js';
import type { Note } from './model/notes.js';
import { noteText } from './note-words.js';
import { reasonText, ruledOutText, triageText } from './words.js';

type SuspectFactsJson = Omit<Suspect, 'entriesPerWork' | 'bytesPerWork'>;

/** A suspect of a target whose work is counted in requests, or of snapshots, where both rates are null. */
export interface RequestSuspectJson extends SuspectFactsJson {
  /** Entries gained for each request; null where no work was counted. */
  entriesPerRequest: number | null;
  /** Bytes gained for each request; null where no work was counted. */
  bytesPerRequest: number | null;
}

/** A suspect of a target whose work is counted in seconds. */
export interface SecondSuspectJson extends SuspectFactsJson {
  /** Entries gained in each second. */
  entriesPerSecond: number | null;
  /** Bytes gained in each second. */
  bytesPerSecond: number | null;
}

export type SuspectJson = RequestSuspectJson | SecondSuspectJson;

/** Why something that grew is not a suspect: a stable code, and the same in words. */
export interface RuledOutReasonJson {
  code: RuledOutReason['code'];
  text: string;
}

export type RuledOutJson = SuspectJson & { reason: RuledOutReasonJson };

/** Something to know beside the verdict: a stable code, and the same in words. */
export interface NoteJson {
  code: Note['code'];
  text: string;
}

/** Which memory grew, with the figures in words. */
export interface TriageJson extends Triage {
  reason: string;
}

/** One process or worker thread of the service, as it was measured. */
export interface ProcessJson {
  pid: number;
  /** What it is in the service. */
  role: ProcessResult['role'];
  /** What a report calls it, such as `cluster worker 2` or `worker thread images.js`. */
  name: string;
  /** The script that it runs, or the title that it has set. */
  script: string;
  /** The number of a cluster worker or of a worker thread; null for any other. */
  number: number | null;
  /** Requests that it answered while it was measured; null where that could not be counted. */
  answered: number | null;
  /** Live bytes at the last reading; null where it was not measured to the end. */
  liveBytes: number | null;
  /** Its own verdict, by the requests that it answered; null where it was not measured to the end. */
  verdict: VerdictJson | null;
}

/** What `diagnose --json` writes: bytes, counts and milliseconds, exact. */
export interface DiagnosisJson {
  schemaVersion: 1;
  target: Diagnosis['target'];
  /** Null where files were read: nothing was measured over time. */
  verdict: VerdictJson | null;
  /** What the service is made of, of several processes or threads or of one; absent where files were read. */
  processes?: ProcessJson[];
  /** The readings that the verdict rests on; absent where files were read. */
  trend?: Trend;
  /** Which memory grew; null where files were read. */
  triage: TriageJson | null;
  /** Memory that is not V8's heap, and what the process has open; absent where the system does not tell. */
  outside?: LedgerChange;
  /** Empty unless the verdict is a leak, or files were read. */
  suspects: SuspectJson[];
  /** The functions that allocate the live bytes, the largest first; absent where that was not sampled. */
  allocatedAt?: CodePlace[];
  /** Containers that grew and are not suspects, each with the reason. */
  ruledOut: RuledOutJson[];
  notes: NoteJson[];
  /** Live bytes before and after the first suspect was cleared, where that was asked for. */
  clearResult?: ClearResult;
  /** The snapshot that was read last; null without one. */
  snapshot: Diagnosis['snapshot'];
  /** How long each step took. */
  timingsMs: Record<string, number>;
}

/** A diagnosis as JSON: rates are named by their unit, and each code has its sentence beside it. */
export function diagnosisJson(diagnosis: Diagnosis): DiagnosisJson {
  const { processes } = diagnosis;
  const { target, verdict, trend, triage, suspects, ruledOut, allocatedAt, notes, clearResult } = diagnosis;
  const unit = trend?.unit ?? 'request';
  return {
    schemaVersion: 1,
    target,
    verdict: verdict && verdictJson(verdict, reasonText(verdict)),
    ...(processes && { processes: processes.map((one) => processJson(one)) }),
    ...(trend && { trend }),
    triage: triage && { ...triage, reason: triageText(triage) },
    ...(diagnosis.outside && { outside: diagnosis.outside }),
    suspects: suspects.map((suspect) => suspectJson(suspect, unit)),
    ...(allocatedAt && { allocatedAt }),
    ruledOut: ruledOut.map((one) => ruledOutJson(one, unit)),
    notes: notes.map((note) => ({ code: note.code, text: noteText(note) })),
    ...(clearResult && { clearResult }),
    snapshot: diagnosis.snapshot,
    timingsMs: diagnosis.timingsMs,
  };
}

function processJson({ pid, role, script, number, verdict, ...figures }: ProcessResult): ProcessJson {
  const name = memberName({ role, script, number });
  const judged = verdict && verdictJson(verdict, reasonText(verdict));
  return { pid, role, name, script, number, ...figures, verdict: judged };
}

function suspectJson({ entriesPerWork, bytesPerWork, ...facts }: Suspect, unit: WorkUnit): SuspectJson {
  return unit === 'second'
    ? { ...facts, entriesPerSecond: entriesPerWork, bytesPerSecond: bytesPerWork }
    : { ...facts, entriesPerRequest: entriesPerWork, bytesPerRequest: bytesPerWork };
}

function ruledOutJson({ reason, ...suspect }: RuledOut, unit: WorkUnit): RuledOutJson {
  const text = ruledOutText(reason, suspect.bound, unit);
  const json = suspectJson(suspect, unit);
  // What helps against a leak would be wrong advice.
  const advice = suspect.bound ? json.advice : `It grew and is no suspect: ${text}.`;
  return { ...json, advice, reason: { code: reason.code, text } };
}
