import { functionAround, isFunction, memberName, nameOf } from '../../lint/syntax.js';
import { type Origin, originOf } from './loads.js';
import type { DeclinedReason } from './model.js';
import { type Call, isInside, lineOf, type Node, type Source, textOf, within } from './source.js';

/** A place that stores: a write, or a call of a function that writes. */
export interface Store {
  source: Source;
  node: Node;
  /** What is stored, or may be: the arguments of such a call. */
  values: readonly Node[];
}

/** What it gives was stored first, so that a load finds it. */
const SAVES = /^(?:save|update|upsert|persist|patch|replace)(?:[A-Z_]|$)/;
/** How many calls lie between a function that asks and one that stores what was missing. */
const DEEPEST = 3;

/**
 * A cache is filled where an entry was asked for and is missing. What is stored elsewhere comes back only if it is
 * loaded by the same function, or was saved.
 *
 * @param reads where entries are asked for, in all files
 * @returns the calls that load, and the first store whose entry would not come back
 */
export function loadsOfStores(
  stores: readonly Store[],
  reads: readonly { source: Source; node: Node }[],
): { calls: Call[]; other: Store | null } {
  const isRead = (node: Node): boolean =>
    reads.some((read) => read.node === node || isInside(read.node, node['callee'] as Node));
  const found = stores.map((store) => ({
    store,
    isFill: fills(store, reads),
    origins: store.values.flatMap((value) => originOf(value)),
  }));
  const calls = found.flatMap(({ store: { source }, isFill, origins }) =>
    callsIn(origins)
      .filter((call) => !isRead(call) && (isFill || !saves(call)))
      .map((call): Call => ({ source, call })),
  );
  const loaders = new Set(
    found
      .filter(({ isFill }) => isFill)
      .flatMap(({ store: { source }, origins }) => callsIn(origins).map((call) => calleeText(source, call))),
  );
  const other = found.find(({ store: { source }, isFill, origins }) => {
    const made = callsIn(origins);
    if (isFill) return made.length === 0;
    return made.length === 0 || !made.every((call) => saves(call) || loaders.has(calleeText(source, call)));
  });
  return { calls, other: other?.store ?? null };
}

export function storesOther(container: string, file: string, { source, node }: Store): DeclinedReason {
  return { code: 'stores-something-else', container, file, line: lineOf(source, node) };
}

const callsIn = (origins: readonly Origin[]): Node[] =>
  origins.flatMap((one) => (one.from === 'call' ? [one.call] : []));

function calleeText(source: Source, call: Node): string {
  return textOf(source, (call['callee'] ?? call) as Node);
}

function saves(call: Node): boolean {
  const callee = (call['callee'] ?? call) as Node;
  return SAVES.test(memberName(callee) ?? nameOf(callee) ?? '');
}

/** Whether the function that stores asks for the entry as well, or is called by one that does. */
function fills({ source, node }: Store, reads: readonly { source: Source; node: Node }[]): boolean {
  const own = reads.filter((read) => read.source === source).map((read) => read.node);
  const asks = (fn: Node, deep: number): boolean => {
    if (own.some((read) => isInside(read, fn))) return true;
    const name = nameOfFunction(fn);
    if (deep === 0 || name === null) return false;
    return [...within(source.program)].some((call) => {
      if (call.type !== 'CallExpression') return false;
      const callee = call['callee'] as Node;
      const outer = functionAround(call);
      return (
        (memberName(callee) ?? nameOf(callee)) === name &&
        outer !== null &&
        outer !== fn &&
        asks(outer, deep - 1)
      );
    });
  };
  // `load(id).then((user) => users.set(id, user))` is a part of the function around it.
  for (let fn = functionAround(node); fn; fn = functionAround(fn)) if (asks(fn, DEEPEST)) return true;
  return false;
}

function nameOfFunction(fn: Node): string | null {
  if (!isFunction(fn)) return null;
  const { parent } = fn;
  return nameOf(
    (fn['id'] ??
      parent['key'] ??
      (parent.type === 'VariableDeclarator' ? parent['id'] : null)) as Node | null,
  );
}
