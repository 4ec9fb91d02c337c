/* corpus
{
  "says": "a cache whose bound and whose two maps are private fields, filling",
  "dependencies": { "quick-lru": "7.0.0", "koa": "2.15.3" },
  "filling": true
}
*/
import { randomUUID } from 'node:crypto';
import Koa from 'koa';
import QuickLRU from 'quick-lru';

const carts = new QuickLRU({ maxSize: 30_000 });
const app = new Koa();
app.use((context) => {
  const id = randomUUID();
  carts.set(id, { id, items: [{ sku: 'A1', count: 1 }], total: 42 });
  context.body = { id };
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
