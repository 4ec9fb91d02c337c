/*
 * What a lesson shows, found again in what was printed: the same words in the same order, with figures of the same
 * size. Lines may break elsewhere, as they do when a figure has a digit more.
 */

const SKIP = '…';

/** What differs from run to run, and from machine to machine, and is nothing to compare. None changes a line's end. */
const NAMES: [RegExp, string | ((found: string) => string)][] = [
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT'],
  [/(?<=\b(process|pid)"?:?\s)\d+/g, 'PID'],
  [/[0-9a-f]{64}/g, 'ID'],
  [/\d{4}-\d\d-\d\dT[\d:.-]+Z(-\d+)?/g, 'TIME'],
  [/^\[Nest\] \d+ +- .*? [AP]M/gm, 'LOG'],
  // How fast a machine is: in a row of the table of load, in how long it stood still, in how long there is left.
  [/(?<=^ *[\d,]+(?: +[\d,.]+){5} +)[\d,.–]+ +[\d,.–]+ +[\d,.–]+(?= +[\d,]+$)/gm, 'SPEED'],
  [/(?<=longer\sthan\s)[\d,]+/g, 'MS'],
  [/duration_ms:? [\d.]+/g, 'DURATION'],
  [/[\d.]+(\s)(seconds|s|minutes|min|hours|h|days|d)(?=\s(away|at this pace))/g, 'TIME$1UNIT'],
  // The resident set shows a leak late, if at all.
  [/(?<=\b(heap|external)), RSS *$/gm, ''],
  // How wide an interval is depends on the noise.
  [/(?<=\()[-−]?[\d.,]+(\s)to(\s)[-−]?[\d.,]+(?=\))/g, 'LOW$1to$2HIGH'],
  // These are no sizes: 1 is no kind of 0.
  [/exit code \d+/g, (code) => code.replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!)],
];
const NUMBER = /\d[\d,]*(?:\.\d+)?/g;
const SIGNED = new RegExp(`[-−+]?${NUMBER.source}`, 'g');
/** Machines differ: a figure may be this many times as large, or as small. */
const FACTOR = 6;

/** Figures below are ranks, milliseconds, bytes a request that nobody calls a leak: noise is as large. */
const SMALL = 50;

interface Word {
  shape: string;
  figures: number[];
  /** Index of the line that it stands in. */
  line: number;
}

/**
 * @param shown lines; one that is `…` stands for any number of others, also at the end
 * @returns what was printed in place of the lines shown, `…` included
 * @throws Error which says the first line that is not there
 */
export function match(shown: string[], printed: string[]): string[] {
  const words = wordsOf(printed);
  const found: string[] = [];
  let at = 0;
  for (const part of partsOf(shown)) {
    const wanted = wordsOf(part.lines);
    const start = find(wanted, words, at, part.skips);
    const agreed = agreement(wanted, words, start);
    if (agreed < wanted.length) throw unlike(part.lines, wanted[agreed]!, printed, words[start + agreed]);
    if (part.skips) found.push(SKIP);
    at = start + wanted.length;
    if (wanted.length > 0) found.push(...printed.slice(words[start]!.line, words[at - 1]!.line + 1));
  }
  if (at < words.length && shown.at(-1)!.trim() !== SKIP)
    throw new Error(`more was printed than is shown:\n  printed  ${printed[words[at]!.line]}`);
  return found;
}

/** The lines between two `…`, and whether others may come before them. */
function partsOf(shown: string[]): { lines: string[]; skips: boolean }[] {
  const parts = [{ lines: [] as string[], skips: false }];
  for (const line of shown) {
    if (line.trim() === SKIP) parts.push({ lines: [], skips: true });
    else parts.at(-1)!.lines.push(line);
  }
  return parts;
}

function wordsOf(lines: string[]): Word[] {
  const named = NAMES.reduce(
    // A replacement is a text or a function; either will do, and the types want to know which.
    (text, [pattern, name]) =>
      typeof name === 'string' ? text.replaceAll(pattern, name) : text.replaceAll(pattern, name),
    lines.join('\n'),
  );
  return named.split('\n').flatMap((text, line) =>
    (text.match(/\S+/g) ?? []).map((word) => ({
      shape: word.replaceAll(SIGNED, '#').replaceAll(/[█░▏▎▍▌▋▊▉─=-]{2,}/g, '-'),
      figures: (word.match(NUMBER) ?? []).map((figure) => Number(figure.replaceAll(',', ''))),
      line,
    })),
  );
}

/** Where it begins: at `from`, or, when others may come before, where most of it agrees. */
function find(wanted: Word[], words: Word[], from: number, skips: boolean): number {
  let best = from;
  if (!skips) return best;
  for (let start = from; start < words.length; start += 1) {
    if (agreement(wanted, words, start) > agreement(wanted, words, best)) best = start;
    if (agreement(wanted, words, best) === wanted.length) break;
  }
  return best;
}

/** How many words agree, in a row. */
function agreement(wanted: Word[], words: Word[], start: number): number {
  const first = wanted.findIndex((word, index) => !agree(word, words[start + index]));
  return first < 0 ? wanted.length : first;
}

function agree(shown: Word, printed: Word | undefined): boolean {
  return (
    printed !== undefined &&
    shown.shape === printed.shape &&
    shown.figures.every((figure, index) => isClose(figure, printed.figures[index]!))
  );
}

function isClose(shown: number, seen: number): boolean {
  if (Math.max(shown, seen) < SMALL) return true;
  return Math.max(shown, seen) <= FACTOR * Math.max(1, Math.min(shown, seen));
}

function unlike(shown: string[], wanted: Word, printed: string[], word: Word | undefined): Error {
  const what =
    wanted.shape === word?.shape ? 'a figure is far from what is shown' : 'printed otherwise than shown';
  return new Error(
    `${what}:\n  shown    ${shown[wanted.line]}\n  printed  ${word ? printed[word.line] : '(nothing more)'}`,
  );
}
