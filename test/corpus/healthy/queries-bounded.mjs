/* corpus
{
  "says": "documents in an LRU that fills, and beside it prepared queries in one that fills later",
  "dependencies": { "lru-cache": "10.4.3" },
  "filling": true
}
*/
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { LRUCache } from 'lru-cache';

const documents = new LRUCache({ max: 16_000 });
const queries = new LRUCache({ max: 24_000 });

const server = createServer((request, response) => {
  for (let at = 0; at < 2; at += 1)
    documents.set(randomUUID(), {
      headers: { ...request.headers },
      rows: Array.from({ length: 60 }, () => Math.random()),
    });
  queries.set(randomUUID(), { text: request.url, bound: { id: randomUUID(), at: Date.now() } });
  response.end(String(documents.size));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
