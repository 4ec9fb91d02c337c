/* corpus
{
  "source": ["https://github.com/sindresorhus/p-queue#timeout"],
  "says": "the one job that runs never ends, and all others wait behind it",
  "dependencies": { "p-queue": "8.0.1", "fastify": "5.1.0" },
  "suspect": { "kinds": ["container", "closures", "promises"], "named": "queue" }
}
*/
import Fastify from 'fastify';
import PQueue from 'p-queue';
const jobs = new PQueue({ concurrency: 1 });
jobs.add(() => new Promise(() => {}));
const app = Fastify();
app.get('/', (request) => {
  jobs.add(async () => ({ mailed: request.id }));
  return { queued: jobs.size };
});
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
