import { escaped, wholeName } from '../../name-pattern.js';
import type { DeclaredBound } from '../model/result.js';
import type { GrownContainer, NearbyNumber } from '../probe/index.js';

/** The text of scripts, by V8's id. */
export type Sources = ReadonlyMap<string, string>;

const NUMBER = String.raw`\d[\d_]*(?:\.\d+)?(?:e\d+)?`;
const PRODUCT = String.raw`${NUMBER}(?:\s*\*\*?\s*${NUMBER})*`;
const OPERAND = String.raw`(?<operand>${PRODUCT}|(?:[\w$]+\??\.)*#?[\w$]+)`;
const AFTER = new RegExp(String.raw`^\s*(?:[<>]=?|={2,3})\s*${OPERAND}`);
const BEFORE = new RegExp(String.raw`(?<![\w$.#])${OPERAND}\s*[<>]=?\s*(?:[\w$]+\.)*$`);
/** Characters on either side of a size in which a comparison is looked for. */
const REACH = 80;
/** What follows a comparison where code then makes room. */
const MAKES_ROOM =
  /delete|clear|evict|remove|prune|purge|trim|shift|splice|pop|reset|drain|flush|= new |\.length = |= \[\]/i;
/** What follows where code then cuts a string. A slice of a list removes nothing from it. */
const CUTS_TEXT = /slice\(|substring\(|= ''|= ""/;
/** Characters after a comparison in which that is looked for. */
const AFTERWARDS = 300;
/** What follows a comparison at once where new entries are refused or let in. */
const DECIDES = /^\s*\)+\s*\{?\s*(?:return|throw|continue|break|[\w$.#]+\.(?:set|add|push)\()/;
/** A smaller number is no bound of a cache. */
const FEWEST = 2;

/**
 * Bounds that only the code has: it compares the size with a number, and then makes room. Most caches written by hand are
 * bounded so, by a number that no object has.
 */
export function boundsInCode(grown: GrownContainer, sources: Sources): DeclaredBound[] {
  const { kind, nearby, className } = grown;
  const { own, entries } = asWritten(grown);
  const names = [own, ...(PLAIN.has(className) ? [] : ['this'])].filter(isName);
  const texts = nearby.scripts.flatMap((script) => sources.get(script) ?? []);
  return texts.flatMap((text) =>
    names.flatMap((name) =>
      comparisonsIn(text, name, kind === 'String').flatMap(({ said, operand }): DeclaredBound[] => {
        const limit = numberOf(operand, nearby.numbers, text);
        return limit !== null && limit >= FEWEST
          ? [{ declaredBy: said, limit, filled: entries / limit }]
          : [];
      }),
    ),
  );
}

/** Code compares the elements of a typed array, and not the bytes of the memory that it looks into. */
function asWritten({ kind, route, entries }: GrownContainer): { own: string; entries: number } {
  const [view, memory] = route.slice(-2);
  if (kind !== 'Buffer' || !view || memory?.edge.name !== 'buffer')
    return { own: route.at(-1)?.edge.name ?? '', entries };
  const bits = Number(/(\d+)(?:Clamped)?Array$/.exec(view.className)?.[1] ?? 8);
  return { own: view.edge.name, entries: (8 * entries) / bits };
}

const PLAIN = new Set(['Map', 'Set', 'Array', 'Object']);

function isName(name: string): boolean {
  return /^#?[\w$]+$/.test(name);
}

interface Comparison {
  said: string;
  operand: string;
}

/** Where the code compares the size with something, and then makes room or refuses what is new. */
function comparisonsIn(text: string, name: string, isText: boolean): Comparison[] {
  const own = String.raw`(?<![\w$#])${escaped(name)}`;
  const many = String.raw`${own}\s*\??\.\s*(?:size|length)\b|\bObject\.keys\(\s*(?:[\w$]+\.)*${own}\s*\)\.length`;
  return [...text.matchAll(new RegExp(many, 'g'))].flatMap(({ 0: found, index }): Comparison[] => {
    const end = index + found.length;
    const after = AFTER.exec(text.slice(end, end + REACH));
    const before = after ? null : BEFORE.exec(text.slice(Math.max(0, index - REACH), index));
    const operand = (after ?? before)?.groups?.['operand'];
    const rest = text.slice(end + (after?.[0].length ?? 0)).slice(0, AFTERWARDS);
    const decides = DECIDES.test(rest) || MAKES_ROOM.test(rest) || (isText && CUTS_TEXT.test(rest));
    if (operand === undefined || !decides) return [];
    const said = `${before?.[0] ?? ''}${found}${after?.[0] ?? ''}`;
    return [{ said: said.trim().replaceAll(/\s+/g, ' '), operand }];
  });
}

/** The value of an operand: a number near the container of that name, else what the code sets it to. Null for anything else. */
function numberOf(operand: string, numbers: NearbyNumber[], text: string): number | null {
  if (/^\d/.test(operand)) return valueOf(operand);
  const known = numbers.find(({ name }) => lastOf(name) === lastOf(operand));
  if (known) return known.value;
  const set = new RegExp(
    `(?<![\\w$])${escaped(lastOf(operand))}\\s*[:=]\\s*(?<number>${PRODUCT})(?![\\w.(])`,
  ).exec(text);
  const value = set?.groups?.['number'];
  return value === undefined ? null : valueOf(value);
}

/** In a bundle, another variable may have the same name. */
const LONGEST_FILE = 200_000;

/** Whether code raises a number of this name: then it counts something, or moves with what it seems to bound. */
export function isRaisedIn(texts: readonly string[], reference: string): boolean {
  const name = wholeName(lastOf(reference));
  const raised = new RegExp(String.raw`${name}\s*(?:\+\+|\+=|\*=|\*\*=|<<=)|\+\+\s*(?:[\w$]+\.)*${name}`);
  return texts.some((text) => text.length <= LONGEST_FILE && raised.test(text));
}

/** Characters on either side of a comparison in which something is removed. */
const AROUND = 300;

/** Whether code compares a field of entries with something, and removes nearby: an expiry that nobody looks at ends nothing. */
export function isExpiryInCode(texts: readonly string[], field: string): boolean {
  const name = wholeName(field);
  const compared = new RegExp(
    String.raw`${name}\W{0,12}?(?:[<>]|-\s)|[<>]=?\s*(?:\(?\s*[\w$]+\??\.)*#?${name}`,
    'g',
  );
  return texts.some((text) =>
    [...text.matchAll(compared)].some(({ index, 0: { length } }) =>
      REMOVES_EXPIRED.test(text.slice(Math.max(0, index - AROUND), index + length + AROUND)),
    ),
  );
}

const REMOVES_EXPIRED = new RegExp(
  String.raw`${MAKES_ROOM.source}|filter\(|setTimeout|unlink|expire\w*\(`,
  'i',
);

function lastOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('.') + 1);
}

function valueOf(product: string): number {
  return product
    .replaceAll('_', '')
    .split(/(?<!\*)\*(?!\*)/)
    .map((factor) => factor.split('**').map(Number))
    .reduce((all, [base = 1, power = 1]) => all * base ** power, 1);
}
