import { matcherOf, withoutFields } from './fields.js';
import type { Answer, AnswerDifference, AnswerRules, Exchange } from './model.js';

export type Found = Pick<AnswerDifference, 'part' | 'at' | 'before' | 'after'>;

/** Headers of the connection and the clock. The length follows from the body, which is compared itself. */
const OF_TRANSPORT = new Set(['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding']);
/** Characters of an answer that are shown. */
const EXCERPT = 80;
/** Characters before the first difference that are shown. */
const LEAD = 20;

/** The first difference of two answers to one request; null where they are the same, byte for byte. */
export async function differenceOf(
  before: Exchange,
  after: Exchange,
  rules: AnswerRules,
): Promise<Found | null> {
  const [one, other] = [before.answer, after.answer];
  if (!one || !other)
    return one === other
      ? null
      : { part: 'answer', at: '', before: one ? 'answered' : 'none', after: other ? 'answered' : 'none' };
  if (rules.comparer) {
    if (await rules.comparer(before.request, one, other)) return null;
    return plainDifference(one, other, { ignoreFields: [], ignoreHeaders: [] }) ?? OF_COMPARER;
  }
  return plainDifference(one, other, rules);
}

const OF_COMPARER: Found = {
  part: 'answer',
  at: 'comparer',
  before: 'as the comparer says',
  after: 'different',
};

function plainDifference(before: Answer, after: Answer, rules: AnswerRules): Found | null {
  if (before.status !== after.status)
    return { part: 'status', at: '', before: String(before.status), after: String(after.status) };
  return bodyDifference(before.body, after.body, rules) ?? headerDifference(before, after, rules);
}

function headerDifference(before: Answer, after: Answer, { ignoreHeaders }: AnswerRules): Found | null {
  const names = new Set([...Object.keys(before.headers), ...Object.keys(after.headers)]);
  for (const name of names) {
    if (OF_TRANSPORT.has(name) || ignoreHeaders.includes(name)) continue;
    const [one, other] = [before.headers[name], after.headers[name]].map((value) =>
      value === undefined ? 'absent' : String(value),
    );
    if (one !== undefined && other !== undefined && one !== other)
      return { part: 'header', at: name, before: one.slice(0, EXCERPT), after: other.slice(0, EXCERPT) };
  }
  return null;
}

function bodyDifference(before: Buffer, after: Buffer, { ignoreFields }: AnswerRules): Found | null {
  if (before.equals(after)) return null;
  const [one, other] = [jsonIn(before), jsonIn(after)];
  if (one === undefined || other === undefined) return textDifference(before, after);
  const isIgnored = matcherOf(ignoreFields);
  const [rest, otherRest] = [withoutFields(one, isIgnored), withoutFields(other, isIgnored)];
  if (ignoreFields.length > 0 && JSON.stringify(rest) === JSON.stringify(otherRest)) return null;
  return valueDifference(rest, otherRest, '') ?? textDifference(before, after);
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return undefined; // not JSON: compared as text
  }
}

/** The first place at which two values of JSON differ. */
function valueDifference(before: unknown, after: unknown, at: string): Found | null {
  if (!isTree(before) || !isTree(after) || Array.isArray(before) !== Array.isArray(after)) {
    const [one, other] = [excerptOf(before), excerptOf(after)];
    return Object.is(before, after) ? null : { part: 'body', at, before: one, after: other };
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const path = Array.isArray(before) ? `${at}[${key}]` : at === '' ? key : `${at}.${key}`;
    const found = valueDifference(before[key], after[key], path);
    if (found) return found;
  }
  return null;
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function excerptOf(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value).slice(0, EXCERPT);
}

function textDifference(before: Buffer, after: Buffer): Found {
  const shorter = Math.min(before.length, after.length);
  let at = 0;
  while (at < shorter && before[at] === after[at]) at += 1;
  const from = Math.max(0, at - LEAD);
  const excerpt = (body: Buffer): string => JSON.stringify(body.subarray(from, from + EXCERPT).toString());
  return { part: 'body', at: `byte ${at}`, before: excerpt(before), after: excerpt(after) };
}
