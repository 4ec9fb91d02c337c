import { type Call, callersOf } from '../callers.js';
import { changeOf, followsFromEntry } from '../changes.js';
import type { Container } from '../container.js';
import { usedElsewhere } from '../elsewhere.js';
import { originOf, whyDiffers } from '../loads.js';
import type { Assumption, Attempt, DeclinedReason, Patch } from '../model.js';
import type { Clue } from '../pattern.js';
import { missOf } from '../reads.js';
import { isInside, lineOf, type Node, type Source, textOf } from '../source.js';
import { isRead, isWrite, type Use, usesOf, type Write } from '../uses.js';
import { boundedWithLru } from './with-lru.js';
import { boundedOldestFirst } from './oldest-first.js';

/*
 * A Map or an object that keeps what was loaded, and nothing that removes it.
 *
 * Looks for: reads that load what is not there, in the same function or in the functions that call it, and writes of
 * what was loaded. Assumes: loading a key again gives the same value. Declines: where an entry is the only copy of its
 * data (a miss is an error, an entry is changed after it was stored or made on the spot), where all entries are listed,
 * and where other code gets the container.
 */

export async function boundedCache(clue: Clue): Promise<Attempt> {
  const { container, source } = clue;
  if (!container) return null;
  const uses = usesOf(container);
  if (container.kind === 'Set') return whyNotSet(source, container, uses);
  if (container.kind === 'Array') return null;
  const declined = whyNotReadable(source, container, uses);
  if (declined) return { declined };
  const elsewhere = await usedElsewhere(clue, container);
  if (elsewhere) return { declined: elsewhere };
  const evidence = await loadsOf(clue, container, uses);
  if ('declined' in evidence) return evidence;
  const patches: Patch[] = [];
  const lru = await boundedWithLru(clue, container, uses);
  if (lru) patches.push({ ...lru, assumptions: [...evidence.assumptions, ...lru.assumptions] });
  const oldest = boundedOldestFirst(clue, container, uses);
  if (oldest) patches.push({ ...oldest, assumptions: [...evidence.assumptions, ...oldest.assumptions] });
  const write = uses.find(isWrite);
  return patches.length > 0
    ? { patches }
    : {
        declined: {
          code: 'needs-lru-cache',
          container: container.text,
          line: write ? lineOf(source, write.node) : 0,
        },
      };
}

/** A Set that is asked has no values to load again: what it forgets counts as new. */
function whyNotSet(source: Source, { text: container }: Container, uses: readonly Use[]): Attempt {
  const asked = uses.find(({ does }) => does === 'has');
  return asked ? { declined: { code: 'remembers-seen', container, line: lineOf(source, asked.node) } } : null;
}

/** What contradicts a cache in the uses themselves. */
function whyNotReadable(
  source: Source,
  { text: container, created }: Container,
  uses: readonly Use[],
): DeclinedReason | null {
  const initial = created && firstEntryOf(created);
  if (initial) return { code: 'has-initial-entries', container, line: lineOf(source, initial) };
  for (const use of uses) {
    const line = lineOf(source, use.node);
    if (use.does === 'escape') return { code: 'escapes', container, line };
    if (use.does === 'replace') return { code: 'is-replaced', container, line };
    if (use.does === 'bound') return { code: 'is-bounded', line };
    if (use.does === 'list' && !isSweep(use.node, uses)) return { code: 'is-listed', container, line };
    if (use.does === 'delete' && isAsked(use.node)) return { code: 'miss-is-an-error', container, line };
  }
  if (uses.some(({ does }) => does === 'get')) return null;
  const asked = uses.find(({ does }) => does === 'has');
  return asked
    ? { code: 'remembers-seen', container, line: lineOf(source, asked.node) }
    : { code: 'never-read', container };
}

/** `if (!users.delete(id)) …`: whether the entry was there matters. */
function isAsked({ type, parent }: Node): boolean {
  return (
    type === 'CallExpression' &&
    /^(?:IfStatement|UnaryExpression|LogicalExpression|ConditionalExpression|VariableDeclarator|ReturnStatement)$/.test(
      parent.type,
    ) &&
    parent['operator'] !== 'void'
  );
}

/** What a container has from the start, which nothing loads again: `new Map([…])`, `{ a: 1 }`. */
function firstEntryOf(created: Node): Node | null {
  const entries = (created['properties'] ??
    (created['callee']?.type === 'Identifier' ? created['arguments'] : [])) as Node[];
  return entries[0] ?? null;
}

/** A loop over all entries that deletes some of them, such as those that have expired. */
function isSweep(node: Node, uses: readonly Use[]): boolean {
  const loop = /^For(?:Of|In)/.test(node.type)
    ? node
    : (node.parent.type === 'CallExpression' ? [node.parent, node.parent.parent] : [])
        .flat()
        .find(({ type }) => /^(?:ForOf|CallExp)/.test(type));
  return loop !== undefined && uses.some((one) => one.does === 'delete' && isInside(one.node, loop));
}

/** Shows that every read loads what is missing and every write stores what was loaded. */
async function loadsOf(
  clue: Clue,
  container: Container,
  uses: readonly Use[],
): Promise<{ assumptions: Assumption[] } | { declined: DeclinedReason }> {
  const { project, source } = clue;
  const { text } = container;
  const writes = uses.filter(isWrite);
  const reads = uses.filter(isRead);
  for (const one of [...reads, ...writes]) {
    const change = changeOf(one);
    if (change)
      return { declined: { code: 'entries-change', container: text, line: lineOf(source, change) } };
  }
  const written = originsOfWrites(source, container, writes);
  const lines: { file: string; line: number }[] = [];
  const readers: Node[] = [];
  for (const read of reads) {
    const miss = missOf(source, container, read, writes);
    if (miss.leads === 'declined') {
      // What is stored there says more: it accumulates, or is made.
      const isAbout = miss.reason.code === 'default-on-miss' && 'declined' in written;
      return isAbout ? written : { declined: miss.reason };
    }
    if (miss.leads === 'to a load') lines.push({ file: project.shown(source.file), line: miss.line });
    else readers.push(miss.fn);
  }
  if ('declined' in written) return written;
  let calls = written.calls;
  if (readers.length > 0 || written.writers.length > 0) {
    const callers = await callersOf(project, source, container, { reads: readers, writes: written.writers });
    if ('declined' in callers) return callers;
    lines.push({ file: callers.file, line: callers.line });
    calls = [...calls, ...callers.calls];
  }
  const [at] = lines;
  if (!at || calls.length === 0)
    return { declined: { code: 'only-copy', container: text, line: lineOf(source, container.declaration) } };
  for (const { source: of, call } of calls) {
    const differs = whyDiffers(of, call);
    if (differs) return { declined: { code: 'loads-differ', by: callee(of, call), line: lineOf(of, call) } };
  }
  const by = [...new Set(calls.map(({ source: of, call }) => callee(of, call)))].join(', ');
  return {
    assumptions: [
      { code: 'loads-again', ...at },
      { code: 'loads-the-same', by },
    ],
  };
}

function originsOfWrites(
  source: Source,
  { text, references }: Container,
  writes: readonly Write[],
): { calls: Call[]; writers: Node[] } | { declined: DeclinedReason } {
  const calls: Call[] = [];
  const writers: Node[] = [];
  for (const write of writes) {
    if (followsFromEntry(write.value, references))
      return { declined: { code: 'entries-change', container: text, line: lineOf(source, write.node) } };
    for (const origin of originOf(write.value)) {
      if (origin.from === 'made')
        return { declined: { code: 'entries-are-made', container: text, line: lineOf(source, origin.by) } };
      const isRead =
        origin.from === 'call' && references.some((one) => isInside(one, origin.call['callee'] as Node));
      if (origin.from === 'call' && !isRead) calls.push({ source, call: origin.call });
      if (origin.from === 'parameter') writers.push(origin.of);
    }
  }
  return { calls, writers };
}

function callee(source: Source, call: Node): string {
  return call.type === 'ImportExpression' ? 'import()' : `${textOf(source, call['callee'] as Node)}()`;
}
