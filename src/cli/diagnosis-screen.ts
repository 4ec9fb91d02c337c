import { wrap } from '../command/wrap.js';
import {
  type Diagnosis,
  ledgerText,
  noteText,
  reasonText,
  signText,
  type Suspect,
  triageText,
} from '../kit/diagnosis/index.js';
import { nativeLines } from './diagnosis-native.js';
import { foundInText, processRows, processTitles } from './diagnosis-processes.js';
import {
  contentsLine,
  headline,
  placeName,
  ruledOutLine,
  seriesText,
  shortPath,
  unexplained,
  weight,
} from './diagnosis-words.js';

export type Tone = 'leak' | 'bounded' | 'unsettled' | 'name' | 'quiet';
/** Colours a text for a terminal; returns it unchanged elsewhere. */
export type Paint = (tone: Tone, text: string) => string;

const WIDTH = 80;
const LABEL = 16;
const KEYS_SHOWN = 3;
const KEY_WIDTH = 32;
const PLACES_SHOWN = 3;

/** A diagnosis as lines of at most 80 columns. */
export function screen(diagnosis: Diagnosis, paint: Paint = (_, text) => text): string[] {
  const { verdict, triage, outside, suspects, ruledOut, notes } = diagnosis;
  const rest = unexplained(diagnosis);
  return [
    paint(verdict?.kind ?? 'name', headline(diagnosis)),
    ...(verdict ? wrap(reasonText(verdict), WIDTH) : []),
    ...(triage ? wrap(`What grows: ${triage.grows}. ${triageText(triage)}`, WIDTH) : []),
    ...processTable(diagnosis),
    ...wrap((outside && ledgerText(outside)) ?? '', WIDTH).filter(Boolean),
    ...suspects.flatMap((suspect, at) =>
      [''].concat(paragraph(suspect, diagnosis, paint, sameAdvice(suspects, at))),
    ),
    ...(rest === null ? [] : ['', ...wrap(rest, WIDTH)]),
    ...(ruledOut.length > 0 ? ['', 'Ruled out, although it grew:'] : []),
    ...ruledOut.flatMap((one) => hang('  ', ruledOutLine(one, diagnosis))),
    ...(notes.length > 0 ? [''] : []),
    ...notes.flatMap((note) => wrap(noteText(note), WIDTH).map((line) => paint('quiet', line))),
  ];
}

/** What the service is made of, where that is more than one process. */
function processTable(diagnosis: Diagnosis): string[] {
  const rows = processRows(diagnosis);
  if (rows.length === 0) return [];
  const all = [processTitles(diagnosis), ...rows];
  const width = (key: keyof (typeof all)[number]): number => Math.max(...all.map((row) => row[key].length));
  return ['', 'The service is made of:'].concat(
    all.map((row) =>
      [
        `  ${row.pid.padStart(width('pid'))}`,
        row.name.padEnd(width('name')),
        row.answered.padStart(width('answered')),
        row.rate.padStart(width('rate')),
        row.verdict,
      ].join('  '),
    ),
  );
}

function paragraph(suspect: Suspect, diagnosis: Diagnosis, paint: Paint, sameAs: number | null): string[] {
  const { rank, name, path, allocatedAt, sampleKeys, advice, boundSign } = suspect;
  const lines = hang(`${rank}. `, name).map((line) => paint('name', line));
  lines.push(...hang('   ', weight(suspect, diagnosis)));
  for (const [title, text] of [
    ['found in', foundInText(suspect)],
    ['snapshots', seriesText(suspect)],
    ['one entry', contentsLine(suspect)],
    ['may fill', boundSign ? `it has ${signText(boundSign)}` : null],
  ] as const)
    if (text !== null) lines.push(...hang(label(title), text));
  for (const [at, step] of shortPath(path).entries()) {
    const indent = at === 0 ? '' : `${'  '.repeat(at - 1)}└ `;
    lines.push(...hang(`${label(at === 0 ? 'retained by' : '')}${indent}`, step));
  }
  for (const [at, place] of allocatedAt.slice(0, PLACES_SHOWN).entries()) {
    lines.push(
      `${label(at === 0 ? 'allocated at' : '')}${placeName(place.file, place.line, place.column)}  ${place.function}`,
    );
  }
  for (const [at, line] of nativeLines(suspect, diagnosis).entries())
    lines.push(...hang(label(at === 0 ? 'in malloc' : ''), line));
  if (sampleKeys?.length) {
    lines.push(...hang(label('keys'), sampleKeys.slice(0, KEYS_SHOWN).map(shortKey).join(' ')));
  }
  lines.push(...hang(label('advice'), sameAs === null ? advice : `As for ${sameAs}.`));
  return lines;
}

/** The rank of an earlier suspect with the same advice, which the screen prints once; null for new advice. */
function sameAdvice(suspects: readonly Suspect[], at: number): number | null {
  const [first, suspect] = [suspects.find(({ advice }) => advice === suspects[at]?.advice), suspects[at]];
  return first && suspect && first !== suspect ? first.rank : null;
}

const label = (text: string): string => `   ${text.padEnd(LABEL - 3)}`;

/** A text after its lead, with its further lines indented to its first. */
function hang(lead: string, text: string): string[] {
  return wrap(text, WIDTH - lead.length).map(
    (line, at) => `${at === 0 ? lead : ' '.repeat(lead.length)}${line}`,
  );
}

function shortKey(key: string): string {
  return JSON.stringify(key.length > KEY_WIDTH ? `${key.slice(0, KEY_WIDTH - 1)}…` : key);
}
