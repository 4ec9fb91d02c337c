import { wrap } from '../command/wrap.js';
import { exerciseOf, SERVICE_FILE } from './exercise.js';
import { readPattern } from './pattern.js';
import { hiddenBy } from './hidden.js';
import type { Hint } from './quiz.js';

const WIDTH = 80;

/**
 * A hint: what grows, how that comes about, or the line with its pattern and the fix. The texts are those of
 * docs/patterns.md.
 *
 * @returns its paragraphs
 */
export async function hintOf(seed: number, hint: Hint): Promise<string[]> {
  const name = hiddenBy(seed);
  const { paragraphs, bug } = await readPattern(name);
  if (hint === '1') return [filled(paragraphs.Shows)];
  if (hint === '2') return [filled(paragraphs.Met)];
  const { bugLine, files } = await exerciseOf(seed, name);
  const line = files[SERVICE_FILE]?.split('\n')[bugLine - 1]?.trim();
  return [
    `Line ${bugLine} of the ${SERVICE_FILE} that you got:\n  ${line}`,
    filled(`What is wrong there: ${bug.says}.`),
    `The pattern is ${name}. Its fix:`,
    filled(paragraphs.Fix),
  ];
}

const filled = (text: string): string => wrap(text, WIDTH).join('\n');
