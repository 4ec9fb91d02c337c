import { type Member, memberName, scriptName } from '../members/index.js';
import type { Verdict } from '../verdict/index.js';
import { ranked } from './naming/index.js';
import type { Note, Reason } from './model/notes.js';
import type { Diagnosis, ProcessResult, Suspect, Trend, Triage } from './model/result.js';

/** One part that was explained, and how much it gained. */
export interface Found {
  member: Member;
  gained: number;
  /** Others that run the same and leak as well. */
  alike: number;
  diagnosis: Diagnosis;
}

interface Parts {
  /** The one that gained most first. */
  found: readonly Found[];
  verdict: Verdict<Reason>;
  /** Of the whole service; absent where it is that of the only part. */
  trend: Trend | undefined;
  processes: ProcessResult[];
  notes: readonly Note[];
}

/** The diagnosis of a service, from those of its parts. Nothing is measured here. */
export function joined({ found, verdict, trend, processes, notes }: Parts): Diagnosis {
  const leaking = found.filter(({ diagnosis }) => diagnosis.verdict?.kind === 'leak');
  const [first] = leaking.length > 0 ? leaking : found;
  if (!first) throw new Error('a service needs a part that was explained');
  const { diagnosis } = first;
  if (processes.length === 1)
    return { ...diagnosis, verdict, processes, notes: [...notes, ...diagnosis.notes] };
  const gained = leaking.reduce((sum, one) => sum + one.gained, 0);
  const suspects = leaking
    .flatMap((one) => one.diagnosis.suspects.map((suspect) => inPart(suspect, one, one.gained / gained)))
    .toSorted((a, b) => (b.growthShare ?? 0) - (a.growthShare ?? 0));
  const all = found.map((one) => one.diagnosis);
  return {
    ...diagnosis,
    verdict,
    processes,
    ...(trend && { trend }),
    triage: diagnosis.triage && sumOf(all, diagnosis.triage),
    suspects: ranked(suspects),
    ruledOut: ranked(found.flatMap((one) => one.diagnosis.ruledOut.map((out) => inPart(out, one, 1)))),
    notes: unique([...notes, ...all.flatMap((one) => one.notes)]),
  };
}

/** A suspect with the place where it was found, and its share of what all parts gained. */
function inPart<S extends Suspect>(suspect: S, { member, alike }: Found, weight: number): S {
  const { growthShare } = suspect;
  const foundIn = { pid: member.pid, name: memberName(member), alike };
  const shared = { ...suspect, foundIn, growthShare: growthShare === null ? null : growthShare * weight };
  if (member.role !== 'worker thread') return shared;
  const script = scriptName(member.script);
  const worker = script === '' ? `worker ${member.number}` : `worker ${script}`;
  const under = (text: string): string =>
    `${worker} › ${text.startsWith(`${script} › `) ? text.slice(script.length + 3) : text}`;
  const [top = '', ...rest] = suspect.path;
  return {
    ...shared,
    owner: suspect.owner === script ? worker : under(suspect.owner),
    name: under(suspect.name),
    path: [worker, ...(top === script ? rest : suspect.path)],
  };
}

/** What grew in the parts that were explained, together. */
function sumOf(all: readonly Diagnosis[], { grows }: Triage): Triage {
  const add = (of: (triage: Triage) => number): number =>
    all.reduce((sum, { triage }) => sum + (triage ? of(triage) : 0), 0);
  return {
    grows,
    heapBytes: add(({ heapBytes }) => heapBytes),
    arrayBuffersBytes: add(({ arrayBuffersBytes }) => arrayBuffersBytes),
    externalBytes: add(({ externalBytes }) => externalBytes),
    rssBytes: add(({ rssBytes }) => rssBytes),
  };
}

/** Without notes that say the same of another part. */
function unique(notes: readonly Note[]): Note[] {
  return [...new Map(notes.map((note) => [JSON.stringify(note), note])).values()];
}
