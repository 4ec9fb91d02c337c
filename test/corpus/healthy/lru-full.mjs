/* corpus
{
  "says": "a cache that is full early and evicts from then on",
  "dependencies": { "lru-cache": "10.4.3", "fastify": "5.1.0" }
}
*/
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { LRUCache } from 'lru-cache';

const pages = new LRUCache({ max: 1_000 });
const app = Fastify();
app.get('/', () => {
  const id = randomUUID();
  pages.set(id, { id, html: '<p>'.padEnd(500, id) });
  return pages.get(id);
});
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
