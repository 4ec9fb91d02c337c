/* corpus
{
  "source": ["https://github.com/nestjs/cache-manager/issues/805", "https://github.com/jaredwray/keyv/issues/15"],
  "says": "the default store is a Map, and what has expired is deleted when it is asked for again, which is never",
  "dependencies": { "cache-manager": "6.4.3", "keyv": "5.3.3", "fastify": "5.1.0" },
  "suspect": { "kinds": ["container"], "named": "keyv|store|cache" }
}
*/
import { randomUUID } from 'node:crypto';
import { createCache } from 'cache-manager';
import Fastify from 'fastify';

const cache = createCache({ ttl: 50 });
const app = Fastify();
app.get('/', () => cache.wrap(`cart:${randomUUID()}`, () => ({ items: [], total: 0 })));
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
