/* corpus
{
  "source": ["https://github.com/moment/luxon/issues/226", "https://github.com/moment/luxon/pull/1803"],
  "says": "zones are cached by name without a bound, also those that do not exist, and the name comes from the client",
  "dependencies": { "luxon": "3.5.0", "hono": "4.6.14", "@hono/node-server": "1.13.7" },
  "suspect": { "kinds": ["container", "objects"], "named": "ianaZoneCache|IANAZone|luxon" }
}
*/
import { randomBytes } from 'node:crypto';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { DateTime } from 'luxon';

const app = new Hono();
app.get('/', (context) => {
  // Whatever the client says it is; a scanner says something else each time.
  const zone = context.req.query('zone') ?? `Area/${randomBytes(9).toString('hex')}`;
  const now = DateTime.utc().setZone(zone);
  return context.json({ now: now.isValid ? now.toISO() : DateTime.utc().toISO() });
});
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => console.log(port));
