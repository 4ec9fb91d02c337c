/* corpus
{
  "source": ["https://github.com/isaacs/node-lru-cache#storage-bounds-safety", "https://github.com/nestjs/cache-manager/issues/805"],
  "says": "with a ttl and nothing else what is stale is removed when it is asked for again, which is never",
  "dependencies": { "lru-cache": "10.4.3", "koa": "2.15.3" },
  "suspect": { "kinds": ["container"], "named": "LRUCache|tokens" }
}
*/
import { randomBytes } from 'node:crypto';
import Koa from 'koa';
import { LRUCache } from 'lru-cache';

const tokens = new LRUCache({ ttl: 50 });
const app = new Koa();
app.use((context) => {
  const token = randomBytes(16).toString('hex');
  tokens.set(token, { user: 'ada', issuedAt: Date.now() });
  context.body = { token };
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
