import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

export interface Step {
  name?: string;
  uses?: string;
  run?: string;
  if?: string;
}

export interface Gate {
  env: Record<'START' | 'URL' | 'REQUESTS', string>;
  steps: Step[];
  /** The script of the step that runs `leak-lab load`. */
  load: string;
}

/** The gate workflow in the docs, parsed. */
export async function readGate(): Promise<Gate> {
  const { env, jobs } = parse(await readFile('docs/gate/github-actions.yml', 'utf8')) as {
    env: Gate['env'];
    jobs: Record<string, { steps: Step[] }>;
  };
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const load = steps.find(({ run }) => run?.includes('leak-lab load'))!.run!;
  return { env, steps, load };
}
