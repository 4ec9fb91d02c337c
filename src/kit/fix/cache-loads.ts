import { functionAround } from '../../lint/syntax.js';
import { callersOf, callsOf } from './callers.js';
import { changeOf, followsFromEntry } from './changes.js';
import type { Container } from './container.js';
import { differingPart, originOf, whyDiffers } from './loads.js';
import type { Assumption, DeclinedReason } from './model.js';
import { loadsOfStores, type Store, storesOther } from './other-stores.js';
import type { Clue } from './pattern.js';
import { missOf } from './reads.js';
import { isRepeatable } from './repeatable.js';
import { type Call, lineOf, type Node, type Source, textOf } from './source.js';
import { isOfLoop } from './sweeps.js';
import { isRead, isWrite, type Read, type Use, type Write } from './uses.js';

/** Shows that every read loads what is missing and every write stores what was loaded. */
export async function loadsOf(
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
  const changed = await changedByCallers(clue, reads);
  if (changed)
    return {
      declined: {
        code: 'changed-elsewhere',
        container: text,
        file: project.shown(changed.source.file),
        line: lineOf(changed.source, changed.call),
      },
    };
  const written = originsOfWrites(clue, container, uses);
  const lines: { file: string; line: number }[] = [];
  const readers: Node[] = [];
  for (const read of reads.filter((one) => !isOfLoop(one, uses))) {
    const miss = missOf(source, container, read, writes);
    if (miss.leads === 'declined') {
      // What is stored there says more: it accumulates, or is made.
      const isAbout =
        miss.reason.code === 'default-on-miss' &&
        'declined' in written &&
        written.declined.code !== 'stores-something-else';
      return isAbout ? written : { declined: miss.reason };
    }
    if (miss.leads === 'to a load') lines.push({ file: project.shown(source.file), line: miss.line });
    else readers.push(miss.fn);
  }
  if ('declined' in written) return written;
  let calls = written.calls;
  if (readers.length > 0 || written.writers.length > 0) {
    const callers = await callersOf(project, source, container, {
      reads: readers,
      writes: written.writers,
      asked: reads.map(({ node }) => node),
    });
    if ('declined' in callers) return callers;
    lines.push({ file: callers.file, line: callers.line });
    calls = [...calls, ...callers.calls];
  }
  const [at] = lines;
  if (!at || calls.length === 0)
    return { declined: { code: 'only-copy', container: text, line: lineOf(source, container.declaration) } };
  for (const { source: of, call } of calls) {
    const differs = whyDiffers(of, call);
    const facts = { by: callee(of, call), line: lineOf(of, call) };
    if (differs) return { declined: { code: 'loads-differ', ...facts } };
    if (!isRepeatable(of, call)) return { declined: { code: 'may-do-more', ...facts } };
  }
  const by = [...new Set(calls.map(({ source: of, call }) => callee(of, call)))].join(', ');
  return {
    assumptions: [
      { code: 'loads-again', ...at },
      { code: 'loads-the-same', by },
    ],
  };
}

/** What is stored where nothing is there: `load(id)` of `users[id] = users[id] ?? load(id)`. Null for anything else. */
function storedOnMiss(source: Source, { key, value }: Write, uses: readonly Use[]): Node | null {
  if (value.type !== 'LogicalExpression' || value['operator'] === '&&') return null;
  const asked = uses.find((use) => use.does === 'get' && use.node === value['left']);
  return asked && 'key' in asked && textOf(source, asked.key) === textOf(source, key)
    ? (value['right'] as Node)
    : null;
}

/** Where what a function hands out is changed: `(await room(id)).members.add(user)`. Null if nowhere. */
async function changedByCallers({ project, source }: Clue, reads: readonly Read[]): Promise<Call | null> {
  const fns = new Set(reads.map(({ node }) => functionAround(node)).filter((fn) => fn !== null));
  const calls = await callsOf(project, source, [...fns]);
  return calls.find(({ call }) => changeOf({ does: 'get', node: call, key: call }) !== null) ?? null;
}

function originsOfWrites(
  { project, source }: Clue,
  { text, references, created }: Container,
  uses: readonly Use[],
): { calls: Call[]; writers: Node[] } | { declined: DeclinedReason } {
  const writers: Node[] = [];
  const stores: Store[] = [];
  for (const write of uses.filter(isWrite)) {
    const { node } = write;
    const value = storedOnMiss(source, write, uses) ?? write.value;
    const line = lineOf(source, node);
    if (followsFromEntry(value, references))
      return { declined: { code: 'entries-change', container: text, line } };
    const part = differingPart(source, value);
    if (part) {
      const by = textOf(source, (part['key'] ?? part) as Node);
      return { declined: { code: 'loads-differ', by, line: lineOf(source, part) } };
    }
    const origins = originOf(value);
    const made = origins.find((one) => one.from === 'made' && one.by !== created);
    if (made?.from === 'made')
      return { declined: { code: 'entries-are-made', container: text, line: lineOf(source, made.by) } };
    const given = origins.flatMap((one) => (one.from === 'parameter' ? [one.of] : []));
    writers.push(...given);
    if (given.length === 0) stores.push({ source, node, values: [value] });
  }
  const reads = uses.filter(isRead).map(({ node }) => ({ source, node }));
  const { calls, other } = loadsOfStores(stores, reads);
  return other
    ? { declined: storesOther(text, project.shown(other.source.file), other) }
    : { calls, writers };
}

function callee(source: Source, call: Node): string {
  return call.type === 'ImportExpression' ? 'import()' : `${textOf(source, call['callee'] as Node)}()`;
}
