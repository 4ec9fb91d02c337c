/*
 * Compares the output in a lesson with the output of a run: the same words in the same order, with figures of the same
 * order of magnitude. Lines may break elsewhere, as they do when a figure has one digit more.
 */

const SKIP = '…';

/** What differs between runs and machines, and is therefore not compared. No replacement changes where a line ends. */
const NAMES: [RegExp, string | ((found: string) => string)][] = [
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT'],
  [/(?<=\b(process|pid)"?:?\s)\d+/g, 'PID'],
  [/[0-9a-f]{64}/g, 'ID'],
  [/\d{4}-\d\d-\d\dT[\d:.-]+Z(-\d+)?/g, 'TIME'],
  [/^\[Nest\] \d+ +- .*? [AP]M/gm, 'LOG'],
  // The speed of the machine: in a row of the load table, in a pause, in the time to the heap limit.
  [/(?<=^ *[\d,]+(?: +[\d,.]+){5} +)[\d,.–]+ +[\d,.–]+ +[\d,.–]+(?= +[\d,]+$)/gm, 'SPEED'],
  [/(?<=longer\sthan\s)[\d,]+/g, 'MS'],
  [/duration_ms:? [\d.]+/g, 'DURATION'],
  [/[\d.]+(\s)(seconds|s|minutes|min|hours|h|days|d)(?=\sat\sthis\s(pace|rate))/g, 'TIME$1UNIT'],
  [/(?<=\breached\sin\s)[\d.]+(\s)(seconds?|minutes?|hours?|days?)/g, 'TIME$1UNIT'],
  // Whether the resident set shows a leak varies from run to run.
  [/(?<=\b(heap|external)), RSS *$/gm, ''],
  // The width of an interval depends on the noise.
  [/(?<=\()[-−]?[\d.,]+(\s)to(\s)[-−]?[\d.,]+(?=\))/g, 'LOW$1to$2HIGH'],
  // Exit codes must be equal. As letters, they are compared as words.
  [/exit code \d+/g, (code) => code.replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!)],
];
const NUMBER = /\d[\d,]*(?:\.\d+)?/g;
const SIGNED = new RegExp(`[-−+]?${NUMBER.source}`, 'g');
/** Machines differ: a figure may differ by this factor. */
const FACTOR = 6;

/** Smaller figures are ranks, milliseconds, or bytes per request below a leak. The noise is as large as they are. */
const SMALL = 50;

interface Word {
  shape: string;
  figures: number[];
  /** Index of its line. */
  line: number;
}

/**
 * @param shown lines of a lesson; a line `…` stands for any number of lines, also at the end
 * @returns the printed lines that correspond to the lines shown, `…` included
 * @throws Error that names the first line that differs
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
    throw new Error(`the run printed more than the lesson shows:\n  printed  ${printed[words[at]!.line]}`);
  return found;
}

/** The lines between two `…`, and whether other lines may precede them. */
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
    // `replaceAll` has one overload for strings and one for functions, and none for their union.
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

/** Where the wanted words begin: at `from`, or, if other lines may precede them, where most of them agree. */
function find(wanted: Word[], words: Word[], from: number, skips: boolean): number {
  let best = from;
  if (!skips) return best;
  for (let start = from; start < words.length; start += 1) {
    if (agreement(wanted, words, start) > agreement(wanted, words, best)) best = start;
    if (agreement(wanted, words, best) === wanted.length) break;
  }
  return best;
}

/** How many words agree before the first that differs. */
function agreement(wanted: Word[], words: Word[], start: number): number {
  const first = wanted.findIndex((word, index) => !agree(word, words[start + index]));
  return first < 0 ? wanted.length : first;
}

function agree(shown: Word, printed: Word | undefined): boolean {
  return (
    printed !== undefined &&
    shown.shape === printed.shape &&
    shown.figures.every((figure, index) => isClose(figure, printed.figures[index] ?? Number.NaN))
  );
}

function isClose(shown: number, seen: number): boolean {
  if (Math.max(shown, seen) < SMALL) return true;
  return Math.max(shown, seen) <= FACTOR * Math.max(1, Math.min(shown, seen));
}

function unlike(shown: string[], wanted: Word, printed: string[], word: Word | undefined): Error {
  const what =
    wanted.shape === word?.shape ? 'a figure differs by more than a factor of 6' : 'the words differ';
  return new Error(
    `${what}:\n  shown    ${shown[wanted.line]}\n  printed  ${word ? printed[word.line] : '(nothing more)'}`,
  );
}
