/* corpus
{
  "says": "each request opens a session, in a store of our own that forgets the oldest of two thousand; answers are compressed",
  "dependencies": { "express-session": "1.18.1", "compression": "1.7.5", "express": "4.21.2" }
}
*/
const compression = require('compression');
const express = require('express');
const session = require('express-session');

class OldestOut extends session.Store {
  #texts = new Map();
  get(id, done) {
    const text = this.#texts.get(id);
    setImmediate(done, null, text ? JSON.parse(text) : null);
  }
  set(id, data, done) {
    this.#texts.delete(id);
    this.#texts.set(id, JSON.stringify(data));
    for (const oldest of this.#texts.keys()) {
      if (this.#texts.size <= 2_000) break;
      this.#texts.delete(oldest);
    }
    setImmediate(done, null);
  }
  destroy(id, done) {
    this.#texts.delete(id);
    setImmediate(done, null);
  }
}

const app = express();
app.use(compression({ threshold: 0 }));
app.use(session({ secret: 'held out', resave: false, saveUninitialized: true, store: new OldestOut() }));
app.get('/', (request, response) => {
  request.session.cart = Array.from({ length: 10 }, (_, at) => ({ sku: `sku-${at}`, added: Date.now() }));
  response.json({ id: request.sessionID, cart: request.session.cart });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
