/* corpus
{
  "says": "WeakRefs with a FinalizationRegistry that deletes entries",
  "dependencies": { "fastify": "5.1.0" }
}
*/
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
const refs = new Map();
const registry = new FinalizationRegistry((id) => {
  if (!refs.get(id)?.deref()) refs.delete(id);
});
const app = Fastify();
app.get('/', () => {
  const id = randomUUID();
  const value = { id, body: 'y'.repeat(200) };
  refs.set(id, new WeakRef(value));
  registry.register(value, id);
  return value;
});
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
