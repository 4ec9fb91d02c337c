/* corpus
{
  "says": "a cache that fills towards its maxKeys for the whole run",
  "dependencies": { "node-cache": "5.1.2", "koa": "2.15.3" },
  "filling": true
}
*/
const { randomUUID } = require('node:crypto');
const Koa = require('koa');
const NodeCache = require('node-cache');

const carts = new NodeCache({ maxKeys: 50_000 });
const app = new Koa();
app.use((context) => {
  const id = randomUUID();
  if (carts.getStats().keys < 50_000) carts.set(id, { id, items: [], total: 0 });
  context.body = { id };
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
