/* corpus
{
  "source": ["https://github.com/open-telemetry/opentelemetry-js/issues/4115"],
  "says": "the application's own: hits wait in a buffer, and every fifteen seconds a timer moves them into a ledger that nothing bounds",
  "suspect": { "kinds": ["container"], "named": "ledger" }
}
*/
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');

const ledger = new Map();
let pending = [];
setInterval(() => {
  for (const hit of pending) ledger.set(hit.id, hit);
  pending = [];
}, 15_000);

const server = createServer((request, response) => {
  const hit = { id: randomUUID(), url: request.url, headers: { ...request.headers }, at: Date.now() };
  pending.push(hit);
  response.end(hit.id);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
