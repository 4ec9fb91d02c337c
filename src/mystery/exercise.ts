import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SpecimenName } from '../specimens/names.js';
import { pairs } from '../specimens/pairs.js';
import { partsOf } from './parts.js';
import { fileOf } from './pattern.js';
import { type Made, mainFile, packageJson, TSCONFIG } from './scaffold.js';

/** The file that the learner edits. */
export const SERVICE_FILE = 'service.ts';

/** A pattern as a small service of its own, whose code does not say what is wrong. */
export interface Exercise {
  made: Made;
  /** Contents by name of file. */
  files: Record<string, string>;
  /** The line with the bug in the service's file, from 1; 0 in the fixed half. */
  bugLine: number;
}

const MARK = / *\/\/ ← the bug: .*$/gm;

/**
 * Takes one half of a pattern out of its file: without the other half, what only that half uses, and all comments that
 * name the pattern.
 */
export async function exerciseOf(
  seed: number,
  name: SpecimenName,
  half: 'leaky' | 'fixed' = 'leaky',
): Promise<Exercise> {
  const { [half]: handler, interceptors, providers = [] } = pairs[name];
  const interceptor = interceptors?.[half].name;
  const needed = providers.map((provider) => (provider as { name: string }).name);
  const renamed = {
    [handler.name]: 'OrdersService',
    ...(interceptor && { [interceptor]: 'OrdersInterceptor' }),
  };
  const source = await readFile(fileOf(name), 'utf8');
  let marked = partsOf(source, [...Object.keys(renamed), ...needed], ['Specimen'])
    .replaceAll(' extends Specimen', '')
    .replaceAll(/^ *super\(\);\n/gm, '');
  for (const [old, plain] of Object.entries(renamed))
    marked = marked.replaceAll(new RegExp(`\\b${old}\\b`, 'g'), plain);
  const service = marked.replaceAll(MARK, '');
  const files = {
    [SERVICE_FILE]: service,
    'order.ts': await readFile(fileOf('order'), 'utf8'),
    'main.ts': mainFile(interceptor !== undefined, needed),
    'tsconfig.json': TSCONFIG,
  };
  const made = { seed, source: digestOf(files) };
  return {
    made,
    files: { ...files, 'package.json': packageJson(made) },
    bugLine: marked.split('\n').findIndex((line) => line.search(MARK) >= 0) + 1,
  };
}

/** Tells whether a folder was made from the same source. */
function digestOf(files: Record<string, string>): string {
  return createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
}
