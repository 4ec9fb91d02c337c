/* corpus
{
  "says": "the last two thousand requests are kept, whatever they were",
  "dependencies": { "mnemonist": "0.39.8", "fastify": "5.1.0" }
}
*/
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import mnemonist from 'mnemonist';

const recent = new mnemonist.CircularBuffer(Array, 2_000);
const app = Fastify();
app.get('/', (request) => {
  recent.push({ id: randomUUID(), url: request.url, headers: { ...request.headers }, at: new Date() });
  return { seen: recent.size };
});
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
