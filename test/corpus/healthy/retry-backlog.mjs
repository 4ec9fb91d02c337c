/* corpus
{
  "says": "webhooks that fail wait in a queue and are tried three times, seconds apart: the backlog is there until the load has been over for a while, and never has more than twelve thousand",
  "dependencies": { "p-queue": "8.0.1", "fastify": "5.1.0" },
  "filling": true
}
*/
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import PQueue from 'p-queue';

const BACKLOG = 12_000;
const sending = new PQueue({ concurrency: 50 });
let waiting = 0;
let dropped = 0;

async function send(hook) {
  await sleep(1);
  if (Math.random() < 0.7) throw new Error(`no answer for ${hook.id}`);
}
function deliver(hook, attempt) {
  if (waiting >= BACKLOG) {
    dropped += 1;
    return;
  }
  waiting += 1;
  const delay = attempt === 0 ? 0 : 1_500 * 2 ** attempt;
  setTimeout(() => {
    void sending.add(async () => {
      const failed = await send(hook).then(
        () => false,
        () => true,
      );
      waiting -= 1;
      if (failed && attempt < 3) deliver(hook, attempt + 1);
    });
  }, delay);
}

const app = Fastify();
app.get('/', (request) => {
  const hook = {
    id: randomUUID(),
    headers: { ...request.headers },
    body: { event: 'order.paid', at: Date.now() },
  };
  deliver(hook, 0);
  return { id: hook.id, waiting, dropped };
});
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
