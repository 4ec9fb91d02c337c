/* corpus
{
  "source": ["https://github.com/pathosDev/actor-ts/issues/962"],
  "says": "the application's own: twenty tenants that stay, and in each a Map of calls that nothing removes",
  "suspect": { "kinds": ["container"], "named": "usage \\(\\d" }
}
*/
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');

const tenants = new Map(
  Array.from({ length: 20 }, (_, at) => [`tenant-${at}`, { name: `tenant-${at}`, usage: new Map() }]),
);
let calls = 0;

const server = createServer((_request, response) => {
  calls += 1;
  const tenant = tenants.get(`tenant-${calls % tenants.size}`);
  tenant.usage.set(randomUUID(), { at: Date.now(), bytes: Math.random() });
  response.end(tenant.name);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
