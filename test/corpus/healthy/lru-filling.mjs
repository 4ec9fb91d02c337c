/* corpus
{
  "says": "a cache of 50,000 entries that is not half full when the requests are over",
  "dependencies": { "lru-cache": "10.4.3", "express": "4.21.2" },
  "filling": true
}
*/
import { randomUUID } from 'node:crypto';
import express from 'express';
import { LRUCache } from 'lru-cache';

const products = new LRUCache({ max: 50_000 });
const app = express();
app.get('/', (_request, response) => {
  const id = randomUUID();
  products.set(id, { id, name: `product ${id}`, price: 42 });
  response.json(products.get(id));
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
