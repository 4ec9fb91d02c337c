import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Fixed, fixSuspect, type SuspectFacts, unifiedDiff } from '../../src/kit/fix/index.js';

export interface Tried {
  /** The changed file; null where no patch is offered. */
  after: string | null;
  /** Its changed lines alone: `-old` and `+new`. */
  changes: string[];
  /** The code of the reason; null where a patch is offered. */
  declined: string | null;
  /** The codes of what the patch assumes. */
  assumes: string[];
  fixed: Fixed;
}

export interface TriedProject {
  files: Record<string, string>;
  /** The suspect's name, such as `Users.cache`, with its kind and the lines that allocate. */
  name: string;
  kind?: SuspectFacts['kind'];
  /** `file:line` of the allocation sites. */
  at?: string[];
  type?: string;
  advice?: string;
  /** How a diagnosis of a process reached it. */
  rawPath?: string[];
  /** Whether lru-cache is among the project's packages. */
  hasLruCache?: boolean;
}

/** Makes a project of these files and a patch for one suspect in it. */
export async function tryFix({
  files,
  name,
  kind = 'container',
  at = [],
  type = 'Map',
  advice = 'Give it a bound.',
  rawPath,
  hasLruCache = true,
}: TriedProject): Promise<Tried> {
  const root = await mkdtemp(join(tmpdir(), 'leak-lab-fix-'));
  try {
    const manifest = { name: 'shop', ...(hasLruCache && { dependencies: { 'lru-cache': '^11.0.0' } }) };
    const installed = {
      'node_modules/lru-cache/package.json': JSON.stringify({ name: 'lru-cache', version: '11.5.3' }),
    };
    const all = { 'package.json': JSON.stringify(manifest), ...(hasLruCache && installed), ...files };
    for (const [file, text] of Object.entries(all)) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), text);
    }
    const allocatedAt = at.map((one) => {
      const [file = '', line] = one.split(':');
      return { function: '', file: join(root, file), line: Number(line), column: 1 };
    });
    const suspect: SuspectFacts = {
      rank: 1,
      kind,
      owner: name.split(' › ').slice(0, -1).join(' › '),
      name: `${name} (Map, 10,000 entries)`,
      path: [],
      ...(rawPath && { rawPath }),
      type,
      allocatedAt,
      advice,
    };
    const fixed = await fixSuspect(suspect, { root, maxEntries: 500 });
    if ('declined' in fixed)
      return { after: null, changes: [], declined: fixed.declined.code, assumes: [], fixed };
    const { before, after, assumptions } = fixed.patch;
    const changes = unifiedDiff('file', before, after)
      .split('\n')
      .filter((line) => /^[-+](?![-+]{2} )/.test(line));
    return { after, changes, declined: null, assumes: assumptions.map(({ code }) => code), fixed };
  } finally {
    await rm(root, { recursive: true });
  }
}

/** A file, and the leak in it. */
export interface Code {
  text: string;
  name: string;
  kind?: SuspectFacts['kind'];
  /** A part of the line that the diagnosis names. */
  at?: string;
  file?: string;
  advice?: string;
  hasLruCache?: boolean;
}

/** Makes a patch for a leak in one file. */
export function tryCode({ text, at, file = 'src/a.js', ...facts }: Code): Promise<Tried> {
  const line = at === undefined ? null : text.split('\n').findIndex((one) => one.includes(at)) + 1;
  if (line === 0) throw new Error(`no line has ${String(at)}`);
  return tryFix({ files: { [file]: text }, ...facts, ...(line !== null && { at: [`${file}:${line}`] }) });
}

/** The text of the function `handle` after the patch. */
export async function handleAfter(code: Code): Promise<string> {
  const { after, fixed } = await tryCode(code);
  if (after === null) throw new Error(`there is no patch: ${JSON.stringify(fixed)}`);
  return /(?:export )?(?:async )?function handle[^]*?\n\}/.exec(after)?.[0] ?? after;
}
