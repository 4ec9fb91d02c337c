/* corpus
{
  "source": ["https://github.com/node-cache/node-cache#options"],
  "says": "without a ttl and without maxKeys nothing ever goes, and here it is Buffers, outside of the heap",
  "dependencies": { "node-cache": "5.1.2", "fastify": "5.1.0" },
  "requests": 5000,
  "suspect": { "kinds": ["container", "buffers", "objects"], "named": "NodeCache|thumbnails|data" }
}
*/
const { randomBytes, randomUUID } = require('node:crypto');
const fastify = require('fastify');
const NodeCache = require('node-cache');

const thumbnails = new NodeCache({ useClones: false });
const app = fastify();
app.get('/', () => {
  const id = randomUUID();
  thumbnails.set(id, randomBytes(6_000));
  return { id };
});
void app.listen({ port: 0, host: '127.0.0.1' }).then(() => console.log(app.server.address().port));
