/* corpus
{
  "source": ["https://github.com/apollographql/graphql-tag/issues/356"],
  "says": "the application's own: templates in an LRU that is bounded by their sizes and fills, and beside it a Set of tokens that were revoked",
  "dependencies": { "lru-cache": "10.4.3" },
  "suspect": { "kinds": ["container"], "named": "revoked" }
}
*/
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { LRUCache } from 'lru-cache';

const templates = new LRUCache({
  maxSize: 8_000_000,
  sizeCalculation: ({ parts }) => parts.length * 8,
});

class Tokens {
  #revoked = new Set();
  revoke(subject) {
    this.#revoked.add({ token: randomUUID(), subject, scopes: ['read', `write:${randomUUID()}`] });
  }
}
const tokens = new Tokens();

const server = createServer((request, response) => {
  templates.set(randomUUID(), { parts: Array.from({ length: 100 }, () => Math.random()) });
  tokens.revoke(request.url);
  response.end(String(templates.size));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
