import { wrap } from '../command/wrap.js';
import type { Diagnosis, Suspect } from '../kit/diagnosis/result.js';
import { filled, headline, placeName, shortPath, unexplained, weight } from './diagnosis-words.js';

export type Tone = 'leak' | 'bounded' | 'unsettled' | 'name' | 'quiet';
/** Puts colour on a text; where nobody looks, none. */
export type Paint = (tone: Tone, text: string) => string;

const WIDTH = 80;
const LABEL = 12;
const KEYS_SHOWN = 3;
const KEY_WIDTH = 32;
const PLACES_SHOWN = 3;

/** A diagnosis, line by line, for one screen of 80 columns. */
export function screen(diagnosis: Diagnosis, paint: Paint = (_, text) => text): string[] {
  const { verdict, triage, suspects, filling, notes } = diagnosis;
  const left = unexplained(diagnosis);
  return [
    paint(verdict?.kind ?? 'name', headline(diagnosis)),
    ...(verdict ? wrap(verdict.reason, WIDTH) : []),
    ...(triage ? wrap(`What grows: ${triage.grows}. ${triage.reason}`, WIDTH) : []),
    ...suspects.flatMap((suspect, at) =>
      [''].concat(paragraph(suspect, diagnosis, paint, sameLesson(suspects, at))),
    ),
    ...(left === null ? [] : ['', ...wrap(left, WIDTH)]),
    ...(filling.length > 0
      ? ['', 'Filling towards a bound, or emptied now and then, and not to blame:']
      : []),
    ...filling.flatMap((one) => hang('  ', `${one.name}: ${filled(one)}`)),
    ...(notes.length > 0 ? [''] : []),
    ...notes.flatMap((note) => wrap(note, WIDTH).map((line) => paint('quiet', line))),
  ];
}

function paragraph(suspect: Suspect, diagnosis: Diagnosis, paint: Paint, sameAs: number | null): string[] {
  const { rank, name, path, allocatedAt, sampleKeys, lesson } = suspect;
  const lines = hang(`${rank}. `, name).map((line) => paint('name', line));
  lines.push(...hang('   ', weight(suspect, diagnosis)));
  for (const [at, step] of shortPath(path).entries()) {
    const indent = at === 0 ? '' : `${'  '.repeat(at - 1)}└ `;
    lines.push(...hang(`${label(at === 0 ? 'held by' : '')}${indent}`, step));
  }
  for (const [at, place] of allocatedAt.slice(0, PLACES_SHOWN).entries()) {
    lines.push(
      `${label(at === 0 ? 'made at' : '')}${placeName(place.file, place.line, place.column)}  ${place.function}`,
    );
  }
  if (sampleKeys?.length) {
    lines.push(...hang(label('keys'), sampleKeys.slice(0, KEYS_SHOWN).map(shortKey).join(' ')));
  }
  lines.push(...hang(label('lesson'), sameAs === null ? lesson : `As of ${sameAs}.`));
  return lines;
}

/** The rank of an earlier suspect that has the same lesson: said once is enough for one screen. */
function sameLesson(suspects: readonly Suspect[], at: number): number | null {
  const first = suspects.findIndex(({ lesson }) => lesson === suspects[at]!.lesson);
  return first < at ? suspects[first]!.rank : null;
}

const label = (text: string): string => `   ${text.padEnd(LABEL - 3)}`;

/** A text beside what leads it, its further lines under its first. */
function hang(lead: string, text: string): string[] {
  return wrap(text, WIDTH - lead.length).map(
    (line, at) => `${at === 0 ? lead : ' '.repeat(lead.length)}${line}`,
  );
}

function shortKey(key: string): string {
  return JSON.stringify(key.length > KEY_WIDTH ? `${key.slice(0, KEY_WIDTH - 1)}…` : key);
}
