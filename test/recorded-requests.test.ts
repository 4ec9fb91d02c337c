import { describe, expect, it } from 'vitest';
import { recordedRequests } from '../load/recorded-requests.js';
import { RequestSource } from '../load/request-source.js';

describe('recorded requests', () => {
  it('are read from JSON lines, of which only the path is needed', () => {
    const lines = [
      '{"path":"/orders/1"}',
      '',
      '{"method":"post","path":"/orders","headers":{"Content-Type":"application/json","Host":"x"},"body":{"a":1}}',
    ].join('\n');
    expect(recordedRequests(lines, 'file')).toEqual([
      { method: 'GET', path: '/orders/1', headers: {}, body: undefined },
      { method: 'POST', path: '/orders', headers: { 'content-type': 'application/json' }, body: '{"a":1}' },
    ]);
  });

  it('are read from an HTTP archive, without the headers of its connection', () => {
    const request = {
      method: 'POST',
      url: 'https://shop.example/orders?page=2#top',
      headers: [
        { name: ':authority', value: 'shop.example' },
        { name: 'Content-Length', value: '2' },
        { name: 'Accept', value: '*/*' },
      ],
      postData: { mimeType: 'text/plain', text: 'hi' },
    };
    expect(recordedRequests(JSON.stringify({ log: { entries: [{ request }] } }), 'file')).toEqual([
      { method: 'POST', path: '/orders?page=2', headers: { accept: '*/*' }, body: 'hi' },
    ]);
  });

  it.each([
    ['no requests', '', /file has no requests/],
    ['a line that is no JSON', '{"path":"/a"}\nGET /b', /line 2 of file is not JSON: GET \/b/],
    ['a request without a path', '{"method":"GET"}', /request 1 of file has no path/],
    ['a path that is none', '{"path":"orders"}', /has no path that begins with \//],
    ['a method that is none', '{"path":"/","method":7}', /has no method/],
    ['a value that is no object', '7', /request 1 of file has no path/],
  ])('are refused with %s', (_, content, said) => {
    expect(() => recordedRequests(content, 'file')).toThrow(said);
  });
});

const repeatsAfter = (...paths: string[]): number | null =>
  new RequestSource(paths.map((path) => ({ method: 'GET', path, headers: {} }))).repeatsAfter;

describe('a source of requests', () => {
  it('gives the same request for the same number, and other values for others', () => {
    const template = { method: 'POST', path: '/o/{n}?q={random}', headers: {}, body: '{random}' };
    const [one, other] = [new RequestSource([template]), new RequestSource([template])];
    expect(one.range(5, 3)).toEqual(other.range(5, 3));
    expect(one.at(0).path).toMatch(/^\/o\/1\?q=[0-9a-f]{16}$/);
    expect(new Set(one.range(0, 100).map(({ path }) => path)).size).toBe(100);
  });

  it('says after how many requests the same ones come again', () => {
    expect(repeatsAfter('/a', '/b')).toBe(2);
    expect(repeatsAfter('/a', '/b/{n}')).toBeNull();
  });

  it('lets its templates take turns', () => {
    const source = new RequestSource(['/a', '/b'].map((path) => ({ method: 'GET', path, headers: {} })));
    expect(source.range(1, 3).map(({ path }) => path)).toEqual(['/b', '/a', '/b']);
  });
});
