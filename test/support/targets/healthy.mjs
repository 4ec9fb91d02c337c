// A healthy service of ES modules that looks like a leak: a ring, a full cache, and large constant data.
import http from 'node:http';

const RING = 256;
const ring = [];
const cache = new Map();
const MAX_ENTRIES = 300;
const constants = Array.from({ length: 20_000 }, (_, at) => ({ at, name: `constant ${at}` }));
let requests = 0;

const server = http.createServer((_request, response) => {
  requests += 1;
  ring[requests % RING] = { requests, text: 'x'.repeat(100) };
  cache.set(`key ${requests}`, { requests, constant: constants[requests % constants.length] });
  if (cache.size > MAX_ENTRIES) cache.delete(cache.keys().next().value);
  response.end('{}');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
