import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import request from 'supertest';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { appWith } from './support/app.js';

let app: NestFastifyApplication;
let url: string;
beforeEach(async () => {
  app = await appWith('fixed');
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterEach(() => app.close());

async function openStream(): Promise<IncomingMessage> {
  const [response] = (await once(http.get(`${url}/dashboard/events`), 'response')) as [IncomingMessage];
  return response.setEncoding('utf8');
}

/** The first events of a stream, at least so many. */
async function eventsOf(stream: IncomingMessage, count: number): Promise<{ type: string; data: never }[]> {
  let text = '';
  while (text.split('\n\n').filter((event) => event.includes('data:')).length < count)
    text += (await once(stream, 'data'))[0] as string;
  return Array.from(text.matchAll(/event: (\w+)\n(?:id: \d+\n)?data: (.*)\n/g), ([, type, data]) => ({
    type: type!,
    data: JSON.parse(data!) as never,
  }));
}

it('the dashboard is one page whose policy allows its own style and script and nothing else', async () => {
  const { text, headers } = await request(app.getHttpServer())
    .get('/dashboard')
    .expect(200)
    .expect('Content-Type', 'text/html; charset=utf-8');
  const policy = headers['content-security-policy']!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  for (const tag of ['style', 'script']) {
    const parts = Array.from(text.matchAll(new RegExp(`<${tag}[^>]*>([^]*?)</${tag}>`, 'g')));
    expect(parts).toHaveLength(1);
    expect(policy).toContain(
      `${tag}-src 'sha256-${createHash('sha256').update(parts[0]![1]!).digest('base64')}'`,
    );
  }
  expect(text).not.toMatch(/ style=| on[a-z]+="|(src|href)="(?!data:,)/);
});

it('the event stream begins with the history, then sends each sample', async () => {
  const stream = await openStream();
  expect(stream.headers['content-type']).toContain('text/event-stream');
  const [history, ...events] = await eventsOf(stream, 3);
  stream.destroy();
  expect(history).toMatchObject({
    type: 'history',
    data: {
      pid: process.pid,
      tags: { mode: 'fixed' },
      sample: { trend: { verdict: { kind: 'unsettled' } } },
    },
  });
  for (const event of events)
    expect(event).toMatchObject({
      type: 'sample',
      data: { sample: {}, point: { rssBytes: expect.any(Number) } },
    });
});

it('eight pages may be open, a ninth is refused with 503, and a closed page makes room', async () => {
  const streams = await Promise.all(Array.from({ length: 8 }, openStream));
  await Promise.all(streams.map((stream) => eventsOf(stream, 1)));
  const ninth = await openStream();
  ninth.resume();
  expect(ninth.statusCode).toBe(503);
  streams[0]!.destroy();
  let again = await openStream();
  while (again.statusCode === 503) {
    again.destroy();
    again = await openStream();
  }
  expect(again.statusCode).toBe(200);
  for (const stream of [...streams, ninth, again]) stream.destroy();
});

it('open event streams end when the application ends', async () => {
  const stream = await openStream();
  await eventsOf(stream, 1);
  stream.resume();
  const ended = once(stream, 'end');
  await app.close();
  await ended;
});

it('the dashboard and its events refuse requests that a proxy forwarded', async () => {
  for (const path of ['/dashboard', '/dashboard/events'])
    await request(app.getHttpServer()).get(path).set('X-Forwarded-For', '192.0.2.1').expect(403);
});
