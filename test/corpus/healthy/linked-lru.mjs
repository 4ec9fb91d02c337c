/* corpus
{
  "says": "a cache of our own: a doubly linked list and an index of its nodes, the tail is dropped at twenty-five thousand",
  "dependencies": { "fastify": "5.1.0" },
  "filling": true
}
*/
import { createHash, randomUUID } from 'node:crypto';
import Fastify from 'fastify';

class Recent {
  #index = new Map();
  #head = null;
  #tail = null;
  #room;
  constructor(room) {
    this.#room = room;
  }
  read(key) {
    const node = this.#index.get(key);
    if (!node) return undefined;
    this.#unlink(node);
    this.#prepend(node);
    return node.value;
  }
  write(key, value) {
    const node = { key, value, newer: null, older: null };
    this.#index.set(key, node);
    this.#prepend(node);
    this.#room -= 1;
    if (this.#room < 0) {
      this.#index.delete(this.#tail.key);
      this.#unlink(this.#tail);
      this.#room += 1;
    }
  }
  #prepend(node) {
    node.older = this.#head;
    if (this.#head) this.#head.newer = node;
    this.#head = node;
    this.#tail ??= node;
  }
  #unlink(node) {
    if (node.newer) node.newer.older = node.older;
    else this.#head = node.older;
    if (node.older) node.older.newer = node.newer;
    else this.#tail = node.newer;
    node.newer = node.older = null;
  }
}

const tokens = new Recent(25_000);
const verify = (token) => {
  const digest = createHash('sha256').update(token).digest('hex');
  const known = tokens.read(digest);
  if (known) return known;
  const claims = { sub: token.slice(0, 8), scope: ['read', 'write'], exp: Date.now() + 3_600_000 };
  tokens.write(digest, claims);
  return claims;
};

let last = randomUUID();
const app = Fastify();
app.get('/', () => {
  // One in three comes with the token of the one before.
  if (Math.random() > 0.33) last = randomUUID();
  return verify(last);
});
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
