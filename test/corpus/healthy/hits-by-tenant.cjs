/* corpus
{
  "says": "the application's own: an object has the requests of the last twenty-five seconds for each of two hundred tenants, in an array that is filtered whenever its tenant comes",
  "filling": true
}
*/
const { createServer } = require('node:http');

const WINDOW = 25_000;
const hits = {};
let requests = 0;

const server = createServer((request, response) => {
  const tenant = `tenant-${(requests += 1) % 200}`;
  const now = Date.now();
  hits[tenant] = (hits[tenant] ?? []).filter((hit) => now - hit.when < WINDOW);
  hits[tenant].push({ when: now, path: `${request.url}?n=${requests}` });
  response.end(String(hits[tenant].length));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
