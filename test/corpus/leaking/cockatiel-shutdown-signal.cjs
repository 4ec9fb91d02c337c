/* corpus
{
  "source": ["https://github.com/connor4312/cockatiel/issues/81", "https://github.com/connor4312/cockatiel/pull/82"],
  "says": "a timeout that is given a signal listens to it for good; the signal is that of the process's shutdown",
  "dependencies": { "cockatiel": "3.1.1", "fastify": "5.1.0" },
  "suspect": { "kinds": ["listeners", "closures", "container"], "named": "AbortSignal|abort|signal|shutdown|cockatiel" }
}
*/
const { setMaxListeners } = require('node:events');
const { setTimeout: sleep } = require('node:timers/promises');
const { timeout, TimeoutStrategy } = require('cockatiel');
const fastify = require('fastify');

const shutdown = new AbortController();
setMaxListeners(0, shutdown.signal); // it warned
process.once('SIGTERM', () => shutdown.abort());

const patience = timeout(2_000, TimeoutStrategy.Cooperative);
async function lookUp(sku) {
  await sleep(1);
  return { sku, stock: 3 };
}

const app = fastify();
app.get('/', () => patience.execute(() => lookUp('B-17'), shutdown.signal));
void app.listen({ port: 0, host: '127.0.0.1' }).then(() => console.log(app.server.address().port));
