/* corpus
{
  "says": "the application's own: twenty tenants that stay, and in each a Map of the latest hundred calls"
}
*/
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');

const LATEST = 100;
const tenants = new Map(
  Array.from({ length: 20 }, (_, at) => [`tenant-${at}`, { name: `tenant-${at}`, usage: new Map() }]),
);
let calls = 0;

const server = createServer((_request, response) => {
  calls += 1;
  const { name, usage } = tenants.get(`tenant-${calls % tenants.size}`);
  usage.set(randomUUID(), { at: Date.now(), bytes: Math.random() });
  if (usage.size > LATEST) usage.delete(usage.keys().next().value);
  response.end(name);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
