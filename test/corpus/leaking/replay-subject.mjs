/* corpus
{
  "source": ["https://rxjs.dev/api/index/class/ReplaySubject"],
  "says": "a subject that replays everything to whoever comes late: without a size it remembers everything",
  "dependencies": { "rxjs": "7.8.2", "fastify": "5.1.0" },
  "suspect": { "kinds": ["container", "objects"], "named": "_buffer|ReplaySubject|visits" }
}
*/
import Fastify from 'fastify';
import { ReplaySubject, filter } from 'rxjs';

const visits = new ReplaySubject();
let failures = 0;
visits.pipe(filter(({ status }) => status >= 500)).subscribe(() => (failures += 1));

const app = Fastify();
app.addHook('onResponse', (request, reply, done) => {
  visits.next({ path: request.url, status: reply.statusCode, ms: reply.elapsedTime });
  done();
});
app.get('/', () => ({ failures }));
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
