import type { Container } from '../container.js';
import { loadsOf } from '../cache-loads.js';
import { usedElsewhere } from '../elsewhere.js';
import type { Attempt, DeclinedReason, Patch } from '../model.js';
import type { Clue } from '../pattern.js';
import { lineOf, type Node, type Source } from '../source.js';
import { isSweep } from '../sweeps.js';
import { isWrite, type Use, usesOf } from '../uses.js';
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
  // The compiler says which one it needs.
  const isAsserted = container.kind === 'Object' && source.isTypeScript ? [false, true] : [false];
  const tried = [
    ...(await Promise.all(isAsserted.map((one) => boundedWithLru(clue, container, uses, one)))),
    ...isAsserted.map((one) => boundedOldestFirst(clue, container, uses, one)),
  ];
  const patches = tried
    .filter((one) => one !== null)
    .map((one): Patch => {
      const assumptions = [...evidence.assumptions, ...one.assumptions];
      return Object.assign(one, { assumptions });
    });
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
