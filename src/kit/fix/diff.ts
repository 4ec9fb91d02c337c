/** Lines around a change, as in `diff -u`. */
const CONTEXT = 3;

type Line = { kind: ' ' | '-' | '+'; text: string };

/** A change of one file as a unified diff, which `patch -p1` and `git apply` accept. Empty where nothing changed. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const lines = changed(linesOf(before), linesOf(after));
  const hunks = hunksOf(lines).map((hunk) => hunkText(lines, hunk));
  return `--- a/${path}\n+++ b/${path}\n${hunks.join('')}`;
}

/** Each with its line ending, so that a last line without one differs. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

const keep = (text: string): Line => ({ kind: ' ', text });

/** The longest common subsequence, by the dynamic programme, on what lies between the common ends. */
function changed(before: readonly string[], after: readonly string[]): Line[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail += 1;
  return [
    ...before.slice(0, head).map(keep),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(keep),
  ];
}

function middle(before: readonly string[], after: readonly string[]): Line[] {
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1)
      common[i * width + j] =
        before[i] === after[j]
          ? 1 + (common[(i + 1) * width + j + 1] ?? 0)
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [from, to] = [before[i], after[j]];
    if (from !== undefined && from === to) {
      lines.push({ kind: ' ', text: from });
      i += 1;
      j += 1;
    } else if (
      to === undefined ||
      (from !== undefined && (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      lines.push({ kind: '-', text: from ?? '' });
      i += 1;
    } else {
      lines.push({ kind: '+', text: to });
      j += 1;
    }
  }
  return lines;
}

interface Hunk {
  from: number;
  to: number;
}

function hunksOf(lines: readonly Line[]): Hunk[] {
  const hunks: Hunk[] = [];
  for (const [at, { kind }] of lines.entries()) {
    if (kind === ' ') continue;
    const [from, to] = [Math.max(0, at - CONTEXT), Math.min(lines.length, at + CONTEXT + 1)];
    const last = hunks.at(-1);
    if (last && from <= last.to) last.to = to;
    else hunks.push({ from, to });
  }
  return hunks;
}

function hunkText(lines: readonly Line[], { from, to }: Hunk): string {
  const range = (without: '+' | '-'): string => {
    const count = (part: readonly Line[]): number => part.filter(({ kind }) => kind !== without).length;
    const length = count(lines.slice(from, to));
    return `${count(lines.slice(0, from)) + (length === 0 ? 0 : 1)},${length}`;
  };
  const body = lines
    .slice(from, to)
    .map(({ kind, text }) =>
      text.endsWith('\n') ? kind + text : `${kind}${text}\n\\ No newline at end of file\n`,
    );
  return `@@ -${range('+')} +${range('-')} @@\n${body.join('')}`;
}
