/* corpus
{
  "source": ["https://nodejs.org/api/stream.html#writable_writechunk-encoding-callback"],
  "says": "the application's own: writes are chained one after the other, and one of them never ends",
  "dependencies": { "fastify": "5.1.0" },
  "suspect": { "kinds": ["promises", "closures"], "named": "#?tail|SerialWriter|journal|\\bappend\\b|#write|sink" }
}
*/
import { Writable } from 'node:stream';
import Fastify from 'fastify';

class SerialWriter {
  #tail = Promise.resolve();
  #sink;

  constructor(sink) {
    this.#sink = sink;
  }

  append(record) {
    this.#tail = this.#tail.then(() => this.#write(`${JSON.stringify(record)}\n`));
    return this.#tail;
  }

  #write(line) {
    return new Promise((resolve, reject) => {
      this.#sink.write(line, (error) => (error ? reject(error) : resolve()));
    });
  }
}

// A disk that hangs: the callback is never called.
const journal = new SerialWriter(new Writable({ write() {} }));

const app = Fastify();
app.addHook('onResponse', (request, reply, done) => {
  void journal.append({ path: request.url, status: reply.statusCode, ms: reply.elapsedTime });
  done();
});
app.get('/', () => ({ ok: true }));
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
