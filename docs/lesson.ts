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
