import { fieldNames, type Heap, isScopeName, orderedEntries } from '../../heap/index.js';
import { isMaximum } from '../model/bound-names.js';
import type { BoundSign } from '../model/result.js';
import type { Accumulation } from './accumulation.js';

/** How many retainers above a container are looked at: its owner, and what the owner belongs to. */
const RETAINERS = 2;
const ENTRIES_ASKED = 8;
/** Of a time to live, or of the time until which an entry is valid. */
const EXPIRY =
  /[eE]xpir|EXPIR|[vV]alidUntil|[mM]axAge|MAX_AGE|[wW]indowMs|WINDOW_MS|[sS]taleAfter|(?:^|[#_])ttl|Ttl|TTL/;
/** Where the next entry of a ring goes. */
const CURSOR = /^[#_]*(next|head|tail|cursor|pos|position|index|at|write\w*)$/i;
/** What a variable is called that is about the only container of its file. */
const GENERIC =
  /^(?:max|limit|capacity|ttl|maxage|window)(?:entries|size|keys|items|length|count|ms|seconds)?$|^(?:next|head|tail|cursor|pos|position|index|at)$/;

/**
 * A name in the structure that says that something may bound a container: a maximum or a time to live beside it, a time
 * in its entries, the cursor of a ring. A snapshot has the names of numbers and not their values, and no code: a sign is
 * no proof. Null where there is none.
 */
export function boundSignOf(
  heap: Heap,
  { retainer, container, path, point }: Accumulation,
): BoundSign | null {
  if (container === null) return null;
  const { graph } = heap;
  const above = path.steps.map(({ node }) => node).filter((node) => node !== retainer);
  const [nearest = retainer, next = retainer] = above.toReversed().slice(0, RETAINERS);
  const isInScope = isScopeName(graph.nameOf(nearest));
  // A file has many variables: of those beside the container itself, only some are about it.
  const variables = isInScope
    ? namesIn(heap, [nearest]).filter((name) => isAbout(name, path.steps.at(-1)?.via ?? ''))
    : [];
  const owners = [retainer, nearest, next].filter((node) => !isScopeName(graph.nameOf(node)));
  const entries = orderedEntries(graph, container.node, ENTRIES_ASKED).map(({ value }) => value);
  const inside = [...entries, ...point.members.slice(0, ENTRIES_ASKED)].filter(
    (node) => node >= 0 && graph.typeOf(node) === 'object',
  );
  const beside = [...namesIn(heap, isInScope ? [retainer] : owners), ...variables];
  const within = namesIn(heap, inside);
  // The shortest says most: `max` before `maxEntrySize`.
  const [maximum] = beside.filter((name) => isMaximum(name)).toSorted((a, b) => a.length - b.length);
  if (maximum !== undefined) return { kind: 'maximum', field: maximum };
  const ttl = beside.find((name) => EXPIRY.test(name));
  if (ttl !== undefined) return { kind: 'expiry', field: ttl };
  const expiry = within.find((name) => EXPIRY.test(name));
  if (expiry !== undefined) return { kind: 'entry-expiry', field: expiry };
  const cursor = container.kind === 'Array' ? beside.find((name) => CURSOR.test(name)) : undefined;
  return cursor === undefined ? null : { kind: 'ring', field: cursor };
}

/** Whether the name of a variable mentions that of the container, or none at all: `MAX_NOTES` beside `notes`, `maxSize`. */
function isAbout(name: string, container: string): boolean {
  const [plain, stem] = [name, container].map((text) => text.toLowerCase().replaceAll(/[^a-z]/g, ''));
  if (plain === undefined || stem === undefined) return false;
  return GENERIC.test(plain) || (stem.length > 2 && plain.includes(stem.replace(/s$/, '')));
}

function namesIn({ graph }: Heap, nodes: readonly number[]): string[] {
  return nodes.flatMap((node) => Array.from(fieldNames(graph, node)));
}
