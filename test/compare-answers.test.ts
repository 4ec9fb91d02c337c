import { describe, expect, it } from 'vitest';
import { AnswerCheck } from '../src/kit/compare/answers.js';
import { differenceOf } from '../src/kit/compare/answer-difference.js';
import { FIELD } from '../src/kit/compare/fields.js';
import type { Answer, AnswerRules, Exchange, Version } from '../src/kit/compare/index.js';

const request = { method: 'GET', path: '/orders/7', headers: {} };
const STRICT: AnswerRules = { ignoreFields: [], ignoreHeaders: [] };

function exchange(
  body: unknown,
  { status = 200, headers = {} }: Pick<Partial<Answer>, 'status' | 'headers'> = {},
): Exchange {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { request, answer: { status, headers, body: Buffer.from(text) }, latencyMs: 1 };
}

const unused = (): never => {
  throw new Error('only repeated requests are sent');
};

/** A version that answers repeated requests with these bodies, in turn. */
function answering(...bodies: unknown[]): Version {
  let next = 0;
  return {
    name: 'version',
    folder: '/',
    get target() {
      return unused();
    },
    send: unused,
    repeat: async () => exchange(bodies[Math.min(next++, bodies.length - 1)]),
  };
}

describe('two answers', () => {
  it('are the same byte for byte, whatever the transport writes into their headers', async () => {
    const one = exchange({ a: 1 }, { headers: { date: 'Mon', 'content-length': '7' } });
    const other = exchange({ a: 1 }, { headers: { date: 'Tue', connection: 'close' } });
    expect(await differenceOf(one, other, STRICT)).toBeNull();
  });

  it.each([
    [
      'the status',
      exchange('x'),
      exchange('x', { status: 404 }),
      { part: 'status', before: '200', after: '404' },
    ],
    [
      'a field',
      exchange({ items: [{ price: 1 }] }),
      exchange({ items: [{ price: 2 }] }),
      { part: 'body', at: 'items[0].price', before: '1', after: '2' },
    ],
    [
      'a field that is gone',
      exchange({ a: 1, b: { c: 2 } }),
      exchange({ a: 1, b: {} }),
      { part: 'body', at: 'b.c', before: '2', after: 'absent' },
    ],
    ['text', exchange('abcd'), exchange('abXd'), { part: 'body', at: 'byte 2' }],
    [
      'the order of fields',
      exchange('{"a":1,"b":2}'),
      exchange('{"b":2,"a":1}'),
      { part: 'body', at: 'byte 2' },
    ],
    [
      'a header',
      exchange('x', { headers: { 'x-role': 'a' } }),
      exchange('x'),
      { part: 'header', at: 'x-role', before: 'a', after: 'absent' },
    ],
    [
      'an answer that is missing',
      exchange('x'),
      { ...exchange('x'), answer: null },
      { part: 'answer', before: 'answered', after: 'none' },
    ],
  ])('differ by %s', async (_, one, other, found) => {
    expect(await differenceOf(one, other, STRICT)).toMatchObject(found);
  });

  it.each([
    [['time'], true],
    [['items[].id'], false],
    [['time', 'items[].id'], true],
    [['*', 'items[0].id'], true],
    [['id'], false],
  ])('with %j ignored are the same: %s', async (ignoreFields, same) => {
    const items = same && ignoreFields.length === 1 ? [7] : [8];
    const one = exchange({ time: 1, items: [{ id: 7 }], total: 3 });
    const other = exchange({ time: 2, items: [{ id: items[0] }], total: 3 });
    expect((await differenceOf(one, other, { ...STRICT, ignoreFields })) === null).toBe(same);
  });

  it('still differ in a field beside an ignored one, and in the order of the others', async () => {
    const rules = { ...STRICT, ignoreFields: ['time'] };
    expect(await differenceOf(exchange({ time: 1, a: 1 }), exchange({ time: 2, a: 2 }), rules)).toMatchObject(
      {
        at: 'a',
      },
    );
    const moved = await differenceOf(exchange('{"time":1,"a":1,"b":2}'), exchange('{"b":2,"a":1}'), rules);
    expect(moved).not.toBeNull();
  });

  it('are as a comparer says', async () => {
    const [one, other] = [exchange('a'), exchange('b')];
    expect(await differenceOf(one, other, { ...STRICT, comparer: () => true })).toBeNull();
    expect(await differenceOf(one, one, { ...STRICT, comparer: () => false })).toMatchObject({
      at: 'comparer',
    });
  });
});

describe('the answers of many requests', () => {
  it('are different where both versions answer again as they did', async () => {
    const check = new AnswerCheck(answering({ a: 1 }), answering({ a: 2 }), STRICT);
    await check.add([exchange({ a: 1 }), exchange('same')], [exchange({ a: 2 }), exchange('same')], 10);
    expect(check.result()).toEqual({
      compared: 2,
      different: 1,
      kind: 'different',
      differences: [
        { number: 11, method: 'GET', path: '/orders/7', part: 'body', at: 'a', before: '1', after: '2' },
      ],
    });
  });

  it('vary where the first version answers one request in different ways', async () => {
    const check = new AnswerCheck(answering({ a: 5 }), answering({ a: 2 }), STRICT);
    await check.add([exchange({ a: 1 })], [exchange({ a: 2 })], 0);
    expect(check.result().kind).toBe('varies');
  });

  it('vary where both answer alike when they are asked at the same moment', async () => {
    const check = new AnswerCheck(answering({ a: 1 }), answering({ a: 1 }), STRICT);
    await check.add([exchange({ a: 1 })], [exchange({ a: 2 })], 0);
    expect(check.result().kind).toBe('varies');
  });

  it('show the difference that lasts first, among many that vary, and three of them at most', async () => {
    const before = answering({ a: 9 }, { a: 8 }, { a: 7 }, { a: 1 });
    const check = new AnswerCheck(before, answering({ a: 2 }), STRICT);
    const ones = [3, 4, 5, 1].map((a) => exchange({ a }));
    await check.add(
      ones,
      ones.map(() => exchange({ a: 2 })),
      0,
    );
    const { kind, different, differences } = check.result();
    expect([kind, different, differences.length]).toEqual(['different', 4, 3]);
    expect(differences[0]).toMatchObject({ number: 4, before: '1' });
  });
});

it('paths of fields are checked', () => {
  for (const path of ['time', 'user.seen', 'items[].id', 'items[0].id', '*.updated', '[].id', 'a-b.c_d'])
    expect(path).toMatch(FIELD);
  for (const path of ['', '.', 'a.', '.a', 'a..b', 'a[', 'a[x]', '$.a[']) expect(path).not.toMatch(FIELD);
});
