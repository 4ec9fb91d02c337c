/** A fenced block of commands in a lesson, with the output blocks that follow it. */
export interface Step {
  commands: string[];
  /** Lines that the commands print. A line `…` stands for any number of lines. Null if the lesson shows none. */
  printed: string[] | null;
  /** Lines that the service prints in its own terminal meanwhile, in the same form. */
  served: string[] | null;
}

const BLOCK = /^```(sh|text|text service)\n([^]*?)^```$/gm;

/**
 * The steps of a lesson: each `sh` block, with the `text` and `text service` blocks that follow it.
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
    else if (step?.[output] === null) step[output] = lines;
    else throw new Error(`an output block has no commands: ${lines[0]}`);
  }
  return steps;
}

/** `npm start   # in another terminal` → `npm start`. */
function withoutRemark(line: string): string {
  return line.replace(/\s+# .*$/, '').trim();
}
