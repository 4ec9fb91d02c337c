/* corpus
{
  "source": ["https://nodejs.org/api/webstreams.html#readablestreamdefaultcontrollerenqueuechunk"],
  "says": "the application's own: changes are put into a web stream whose reader went away, and desiredSize is not looked at",
  "dependencies": { "hono": "4.6.14", "@hono/node-server": "1.13.7" },
  "suspect": { "kinds": ["container", "objects"], "named": "queue|ReadableStream|changes|feed|controller" }
}
*/
import { randomUUID } from 'node:crypto';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

let feed;
const changes = new ReadableStream({
  start(controller) {
    feed = controller;
  },
});
const reader = changes.getReader();
await Promise.race([reader.read(), undefined]);
reader.releaseLock(); // the search index that read it is switched off

const app = new Hono();
app.get('/', (context) => {
  const change = { id: randomUUID(), kind: 'visited', at: Date.now() };
  feed.enqueue(change);
  return context.json(change);
});
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => console.log(port));
