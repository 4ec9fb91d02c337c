/* corpus
{
  "source": ["https://github.com/sindresorhus/p-retry/issues/71"],
  "says": "the abort listener stays on the caller's signal when the work is done; mended in 6.0.0",
  "dependencies": { "p-retry": "5.1.2", "fastify": "5.1.0" },
  "suspect": { "kinds": ["listeners", "closures", "container"], "named": "signal|shutdown|abort" }
}
*/
import { setMaxListeners } from 'node:events';
import Fastify from 'fastify';
import pRetry from 'p-retry';

const shutdown = new AbortController();
setMaxListeners(0, shutdown.signal); // it warned
process.once('SIGTERM', () => shutdown.abort());

const app = Fastify();
app.get('/', () => pRetry(async () => ({ stock: 7 }), { retries: 3, signal: shutdown.signal }));
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
