/* corpus
{
  "source": ["https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/FinalizationRegistry#notes_on_cleanup_callbacks"],
  "says": "the application's own: what the registry holds for a cursor's end refers to the cursor, so that it never ends",
  "dependencies": { "fastify": "5.1.0" },
  "suspect": { "kinds": ["finalizers", "closures", "objects", "container"], "named": "Cursor|FinalizationRegistry|forgotten" }
}
*/
import Fastify from 'fastify';

const forgotten = new FinalizationRegistry((release) => release());

class Cursor {
  #rows;
  #position = 0;

  constructor(rows) {
    this.#rows = rows;
    // Whoever forgets to close it is helped.
    forgotten.register(this, () => this.close(), this);
  }

  next() {
    return this.#rows[this.#position++];
  }

  close() {
    this.#rows = [];
    forgotten.unregister(this);
  }
}

const app = Fastify();
app.get('/', () => {
  const cursor = new Cursor([{ id: 1 }, { id: 2 }, { id: 3 }]);
  return { first: cursor.next() };
});
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
