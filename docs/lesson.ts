/** A fenced block of commands in a lesson, with the output blocks that follow it. */
export interface Step {
  commands: string[];
  /** True for a change to a file: its command has to succeed, and prints nothing. */
  isEdit?: boolean;
  /** Lines that the commands print. A line `…` stands for any number of lines. Null if the lesson shows none. */
  printed: string[] | null;
  /** Lines that the service prints in its own terminal meanwhile, in the same form. */
  served: string[] | null;
}

const BLOCK = /^```(sh|diff|text|text service)\n([^]*?)^```$/gm;

/**
 * The steps of a lesson: each `sh` block, with the `text` and `text service` blocks that follow it, and each `diff`
 * block, which is a change that the reader makes in an editor.
 *
 * @throws Error if an output block has no commands
 */
export function stepsOf(markdown: string): Step[] {
  const steps: Step[] = [];
  for (const [, language, body = ''] of markdown.matchAll(BLOCK)) {
    const lines = body.trimEnd().split('\n');
    const step = steps.at(-1);
    const output = language === 'text' ? 'printed' : 'served';
    if (language === 'sh') steps.push({ commands: lines.map(withoutRemark), printed: null, served: null });
    else if (language === 'diff')
      steps.push({ commands: [editOf(body)], isEdit: true, printed: null, served: null });
    else if (step?.[output] === null) step[output] = lines;
    else throw new Error(`an output block has no commands: ${lines[0]}`);
  }
  return steps;
}

/**
 * A change to a file, as a command. The block begins with `--- FILE` and `+++ FILE`; the numbers of its hunks may be
 * wrong. Each hunk ends with lines that stay: without them, git expects it at the end of the file.
 */
function editOf(diff: string): string {
  const [, folder] = /^--- (\S+)\/(\S+)\n\+\+\+ \1\/\2$/m.exec(diff) ?? [];
  if (folder === undefined) throw new Error(`a change does not name its file: ${diff.slice(0, 80)}`);
  const changes = diff.replaceAll(`${folder}/`, '');
  return `cd ${folder} && git apply -p0 --recount - <<'END OF CHANGE'\n${changes}END OF CHANGE\n`;
}

/** `npm start   # in another terminal` → `npm start`. */
function withoutRemark(line: string): string {
  return line.replace(/\s+# .*$/, '').trim();
}
