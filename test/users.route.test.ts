import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '../docs/http.js';
import { modes } from '../src/service/users.module.js';
import { appWith } from './support/app.js';
import { hasRedis, startRedis, unlessRedis, type Redis } from './support/redis.js';

const ID = 'bef76936c7d22e98f3d7b4c7e1aeef524da4ec1b48f871926fee43c5ec071a2d';

/** What the id contains, how it is written in a URL, and the id itself. */
const accepted: [what: string, asSent: string, id: string][] = [
  ['one character', 'a', 'a'],
  ['64 hexadecimal digits', ID, ID],
  ['256 characters', 'a'.repeat(256), 'a'.repeat(256)],
  ['Chinese characters', '%E5%BC%A0%E4%BC%9F', '张伟'],
  ['256 characters of four bytes', encodeURIComponent('😀'.repeat(256)), '😀'.repeat(256)],
  ['a slash', 'a%2Fb', 'a/b'],
  ['a percent sign', '100%25', '100%'],
  ['a sequence that looks encoded twice', '%2525', '%25'],
  ['the characters that begin a query and a fragment', 'a%20b%3Fc%23d', 'a b?c#d'],
  ['a plus', 'a+b', 'a+b'],
  ['a zero byte', '%00', '\0'],
  ['characters that JSON escapes', '%22%5C', '"\\'],
  ['the name __proto__', '__proto__', '__proto__'],
  ['the name constructor', 'constructor', 'constructor'],
  ['a leading dot', '.well-known', '.well-known'],
  ['the word Random with a capital letter', 'Random', 'Random'],
];

const refused: [what: string, path: string, status: number, sentence: RegExp][] = [
  ['no id', '/users', 400, /user id is missing/],
  ['an empty id', '/users/', 400, /user id is missing/],
  ['an id of 257 characters', `/users/${'a'.repeat(257)}`, 400, /at most 256 characters; this one has 257/],
  [
    'an id of 257 characters of four bytes',
    `/users/${encodeURIComponent('😀'.repeat(257))}`,
    400,
    /this one has 257/,
  ],
  ['an id of 10,000 characters', `/users/${'a'.repeat(10_000)}`, 400, /this one has 10000/],
  ['a lone percent sign', '/users/%', 400, /not percent-encoded UTF-8/],
  ['digits that are not hexadecimal', '/users/%zz', 400, /not percent-encoded UTF-8/],
  ['bytes that are not UTF-8', '/users/%ff', 400, /not percent-encoded UTF-8/],
  ['half of a surrogate pair', '/users/%ed%a0%80', 400, /not percent-encoded UTF-8/],
  ['an unknown path', '/user/1', 404, /Cannot GET \/user\/1/],
  ['an id with a bare slash', '/users/a/b', 404, /Cannot GET/],
];

let redis: Redis | undefined;
beforeAll(async () => {
  redis = hasRedis ? await startRedis() : undefined;
});
afterAll(() => redis?.end());

const served = modes.filter((mode) => mode !== 'shared' || hasRedis);
const flagsOf = (mode: string): string[] =>
  redis && mode === 'shared' ? [mode, '--redis-url', redis.url] : [mode];

describe.each(served)('the users route in %s mode', (mode) => {
  let app: NestFastifyApplication;
  const get = (path: string) => request(app.getHttpServer()).get(path);

  beforeAll(async () => {
    app = await appWith(...flagsOf(mode));
  });
  afterAll(() => app.close());

  it('answers with five fields in the order of the case', async () => {
    const { body, headers } = await get(`/users/${ID}`).expect(200);
    expect(Object.keys(body)).toEqual(['user_id', 'name', 'email', 'address', 'desc']);
    expect(body.user_id).toBe(ID);
    expect(headers['content-type']).toMatch(/^application\/json/);
  });

  it('gives the same answer the second time, when it comes from the cache', async () => {
    const [first, second] = [await get('/users/twice'), await get('/users/twice')];
    expect(second.text).toBe(first.text);
  });

  it('answers /users/random with a new user of 64 hexadecimal digits, whom it then finds by this id', async () => {
    const [one, other] = [await get('/users/random').expect(200), await get('/users/random').expect(200)];
    expect(one.body.user_id).toMatch(/^[0-9a-f]{64}$/);
    expect(other.body.user_id).not.toBe(one.body.user_id);
    const again = await get(`/users/${one.body.user_id}`).expect(200);
    expect(again.text).toBe(one.text);
  });

  it.each(accepted)('accepts an id with %s', async (_what, asSent, id) => {
    const { body } = await get(`/users/${asSent}`).expect(200);
    expect(body.user_id).toBe(id);
  });

  it.each(refused)("refuses %s with an error in Nest's form", async (_what, path, status, sentence) => {
    const { body } = await get(path).expect(status);
    expect(Object.keys(body).toSorted()).toEqual(['error', 'message', 'statusCode']);
    expect(body).toMatchObject({ statusCode: status, message: expect.stringMatching(sentence) });
  });

  it('ignores the query of a URL', async () => {
    const { text } = await get(`/users/${ID}?x=${'y'.repeat(1000)}`).expect(200);
    expect(text).toBe((await get(`/users/${ID}`)).text);
  });
});

it(`the users route gives the same answer in every mode, byte for byte${unlessRedis}`, async () => {
  const apps = await Promise.all(served.map((mode) => appWith(...flagsOf(mode))));
  // A second replica, which reads what the first has written to Redis.
  if (hasRedis) apps.push(await appWith(...flagsOf('shared')));
  for (const [, path] of accepted) {
    const answers = [];
    for (const app of apps) answers.push((await request(app.getHttpServer()).get(`/users/${path}`)).text);
    expect(new Set(answers).size).toBe(1);
  }
  await Promise.all(apps.map((app) => app.close()));
});

it('the service answers every path that the reference lists', async () => {
  const app = await appWith('--specimen', 'timers');
  for (const { path } of endpoints) {
    const url = path.replace('NAME', 'timers').replace(':id', 'somebody');
    await request(app.getHttpServer()).get(url).set('Host', 'localhost').expect(200);
  }
  await app.close();
});
