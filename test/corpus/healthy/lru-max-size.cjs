/* corpus
{
  "says": "a cache that is bounded by bytes, not by entries, and is filling",
  "dependencies": { "lru-cache": "10.4.3", "fastify": "5.1.0" },
  "filling": true
}
*/
const { randomUUID } = require('node:crypto');
const fastify = require('fastify');
const { LRUCache } = require('lru-cache');

const pages = new LRUCache({ maxSize: 64 * 2 ** 20, sizeCalculation: (page) => page.html.length });
const app = fastify();
app.get('/', () => {
  const id = randomUUID();
  pages.set(id, { html: `<p>${id}</p>`.repeat(10) });
  return { id };
});
void app.listen({ port: 0, host: '127.0.0.1' }).then(() => console.log(app.server.address().port));
