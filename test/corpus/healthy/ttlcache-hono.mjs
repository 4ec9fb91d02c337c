/* corpus
{
  "says": "one-time links live for eight seconds in a cache that has no maximum, only a time: nothing goes for the first eight",
  "dependencies": { "@isaacs/ttlcache": "1.4.1", "hono": "4.6.14", "@hono/node-server": "1.13.7" },
  "filling": true
}
*/
import { randomUUID } from 'node:crypto';
import TTLCache from '@isaacs/ttlcache';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const links = new TTLCache({ ttl: 8_000 });
const app = new Hono();
app.get('/', (context) => {
  const link = randomUUID();
  links.set(link, {
    link,
    agent: context.req.header('user-agent') ?? '',
    target: `/invoices/${link.slice(0, 8)}`,
  });
  return context.json({ link });
});
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => console.log(port));
