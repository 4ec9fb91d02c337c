/* corpus
{
  "says": "twenty-four origins are met one by one, each with a pool of sockets of its own, and seven hundred answers are cached: all of that is soon all there is",
  "dependencies": { "undici": "7.11.0", "fastify": "5.1.0" }
}
*/
import { createServer } from 'node:http';
import { once } from 'node:events';
import Fastify from 'fastify';
import { Agent, cacheStores, interceptors, request } from 'undici';

const origins = [];
for (let at = 0; at < 24; at++) {
  const upstream = createServer((incoming, answer) => {
    answer.setHeader('cache-control', 'public, max-age=86400');
    answer.setHeader('content-type', 'application/json');
    answer.end(
      JSON.stringify({
        shop: at,
        path: incoming.url,
        lines: Array.from({ length: 20 }, (_, line) => line * at),
      }),
    );
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  origins.push(`http://127.0.0.1:${upstream.address().port}`);
}
const cached = new Agent({ connections: 4 }).compose(
  interceptors.cache({ store: new cacheStores.MemoryCacheStore({ maxCount: 1_000 }), methods: ['GET'] }),
);
const fresh = new Agent({ connections: 4 });

let asked = 0;
const app = Fastify();
app.get('/', async () => {
  asked += 1;
  const met = Math.min(origins.length, 1 + Math.floor(asked / 60));
  const origin = origins[asked % met];
  const page = await request(`${origin}/pages/${Math.floor(Math.random() * 29)}`, { dispatcher: cached });
  const stock = await request(`${origin}/stock/${asked}`, { dispatcher: fresh });
  await stock.body.dump();
  return { page: await page.body.json(), status: stock.statusCode };
});
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
