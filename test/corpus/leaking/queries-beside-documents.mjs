/* corpus
{
  "source": ["https://github.com/apollographql/graphql-tag/issues/356"],
  "says": "the application's own: documents in an LRU that fills, and beside it prepared queries that nothing bounds",
  "dependencies": { "lru-cache": "10.4.3" },
  "suspect": { "kinds": ["container"], "named": "queries" }
}
*/
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { LRUCache } from 'lru-cache';

const documents = new LRUCache({ max: 26_000 });
const queries = new Map();
let sent = 0;

const server = createServer((request, response) => {
  sent += 1;
  for (let at = 0; at < 2; at += 1)
    documents.set(randomUUID(), {
      headers: { ...request.headers },
      rows: Array.from({ length: 60 }, () => Math.random()),
    });
  if (sent % 5 !== 0)
    queries.set(randomUUID(), { text: request.url, bound: { id: randomUUID(), at: Date.now() } });
  response.end(String(documents.size));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
