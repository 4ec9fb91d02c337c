/* corpus
{
  "says": "sessions live for ten seconds and are swept every five: the run may end before the first is",
  "dependencies": { "fastify": "5.1.0" },
  "filling": true
}
*/
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';

class Sessions {
  #byId = new Map();
  ttlMs = 10_000;
  constructor() {
    this.sweeper = setInterval(() => this.sweep(), 5_000).unref();
  }
  open(user) {
    const id = randomUUID();
    this.#byId.set(id, { user, expiresAt: Date.now() + this.ttlMs });
    return id;
  }
  sweep() {
    for (const [id, { expiresAt }] of this.#byId) if (expiresAt < Date.now()) this.#byId.delete(id);
  }
}
const sessions = new Sessions();
const app = Fastify();
app.get('/', (request) => ({ id: sessions.open(request.ip) }));
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
