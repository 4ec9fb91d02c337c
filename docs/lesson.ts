/** A fenced block of a lesson: commands to type, and what they print. */
export interface Step {
  commands: string[];
  /** The lines that are printed; a line `…` stands for any number of others. Null where nothing is shown. */
  printed: string[] | null;
  /** What the service has to say in its own terminal by then, likewise. */
  served: string[] | null;
}

const BLOCK = /^```(sh|text|text service)\n([^]*?)^```$/gm;

/** The steps of a lesson: each `sh` block, with the `text` and `text service` blocks that follow it. */
export function stepsOf(markdown: string): Step[] {
  const steps: Step[] = [];
  for (const [, language, body] of markdown.matchAll(BLOCK)) {
    const lines = body!.trimEnd().split('\n');
    const step = steps.at(-1);
    const shows = language === 'text' ? 'printed' : 'served';
    if (language === 'sh') steps.push({ commands: lines.map(withoutRemark), printed: null, served: null });
    else if (step?.[shows] === null) step[shows] = lines;
    else throw new Error(`a block of output stands without commands: ${lines[0]}`);
  }
  return steps;
}

/** `npm start   # in another terminal` → `npm start`. */
function withoutRemark(line: string): string {
  return line.replace(/\s+# .*$/, '').trim();
}

const SKIP = '…';
/** What differs from run to run and is no figure: ports, processes, ids, folders. */
const NAMES: [RegExp, string][] = [
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT'],
  [/\b(process|pid) \d+/g, '$1 PID'],
  [/[0-9a-f]{64}/g, 'ID'],
  [/^\[Nest\] \d+ +- .*? [AP]M/g, 'LOG'],
  [/leak-lab-[\dTZ-]+\.json/g, 'EVIDENCE'],
  // How fast a machine is decides in which unit it says so.
  [/[\d.]+ (seconds|s|minutes|min|hours|h|days|d) (away|at this pace)/g, 'TIME $2'],
];
/** Not that of an exit code: 1 is no kind of 0. */
const NUMBER = /(?<!exit code \d*)\d[\d,]*(?:\.\d+)?/g;
const SIGNED = new RegExp(`[-+]?${NUMBER.source}`, 'g');
/** Machines differ: a figure may be this many times as large, or as small. */
const FACTOR = 6;

/** How a printed line looks whatever the figures are. */
export function shapeOf(line: string): string {
  return named(line)
    .replaceAll(SIGNED, '#')
    .replaceAll(/[█░▏▎▍▌▋▊▉─=-]{2,}/g, '-')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function named(line: string): string {
  return NAMES.reduce((text, [pattern, name]) => text.replaceAll(pattern, name), line);
}

function figuresOf(line: string): number[] {
  return (named(line).match(NUMBER) ?? []).map((text) => Number(text.replaceAll(',', '')));
}

function isClose(shown: number, seen: number): boolean {
  // Small figures are ranks, shares of noise, milliseconds of an idle machine.
  if (Math.max(shown, seen) < 20) return true;
  return Math.max(shown, seen) <= FACTOR * Math.max(1, Math.min(shown, seen));
}

/**
 * Finds what a lesson shows in what was printed: the same lines in the same order, with figures of the same size.
 *
 * @returns what was printed in place of each line shown
 * @throws Error which says the first line that is not there
 */
export function match(shown: string[], printed: string[]): string[] {
  const found: string[] = [];
  let at = 0;
  let skipping = false;
  for (const line of shown) {
    if (line.trim() === SKIP) {
      skipping = true;
      found.push(line);
      continue;
    }
    const shape = shapeOf(line);
    const here = printed.findIndex((one, index) => index >= at && shapeOf(one) === shape);
    if (here < 0 || (!skipping && here !== at)) {
      throw new Error(
        `printed otherwise than shown:\n  shown    ${line}\n  printed  ${printed[at] ?? '(nothing more)'}`,
      );
    }
    const [left, right] = [figuresOf(line), figuresOf(printed[here]!)];
    for (const [index, figure] of left.entries()) {
      if (!isClose(figure, right[index]!)) {
        throw new Error(
          `a figure is far from what is shown:\n  shown    ${line}\n  printed  ${printed[here]}`,
        );
      }
    }
    found.push(printed[here]!);
    at = here + 1;
    skipping = false;
  }
  return found;
}
