/* corpus
{
  "source": ["https://zod.dev/metadata"],
  "says": "a schema with an id made in the handler: zod's global registry keeps ids in a Map",
  "dependencies": { "zod": "4.0.5", "fastify": "5.1.0" },
  "requests": 8000,
  "suspect": { "kinds": ["container"], "named": "_idmap|registry" }
}
*/
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { z } from 'zod';
const app = Fastify();
app.get('/', () => {
  const schema = z.object({ name: z.string() }).meta({ id: `Request-${randomUUID()}` });
  return schema.parse({ name: 'x' });
});
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
