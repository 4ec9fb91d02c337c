// A service of ES modules that frightens and is healthy: a ring, a cache that is full, and much that never changes.
import http from 'node:http';

const RING = 256;
const ring = [];
const cache = new Map();
const MAX_ENTRIES = 300;
const constants = Array.from({ length: 20_000 }, (_, at) => ({ at, name: `constant ${at}` }));
let asked = 0;

const server = http.createServer((_request, response) => {
  asked += 1;
  ring[asked % RING] = { asked, text: 'x'.repeat(100) };
  cache.set(`key ${asked}`, { asked, constant: constants[asked % constants.length] });
  if (cache.size > MAX_ENTRIES) cache.delete(cache.keys().next().value);
  response.end('{}');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
