/* corpus
{
  "says": "documents are held weakly, and the dead keys stay in the Map until a sweep every seven seconds; the last hundred are held strongly",
  "dependencies": { "fastify": "5.1.0" },
  "filling": true
}
*/
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';

const documents = new Map();
const hot = new Array(100);
let turn = 0;
function open(id) {
  let document = documents.get(id)?.deref();
  if (!document) {
    document = {
      id,
      sections: Array.from({ length: 30 }, (_, at) => ({ at, text: `section ${at} of ${id}` })),
    };
    documents.set(id, new WeakRef(document));
  }
  hot[turn++ % hot.length] = document;
  return document;
}
setInterval(() => {
  for (const [id, reference] of documents) if (!reference.deref()) documents.delete(id);
}, 7_000).unref();

const app = Fastify();
app.get('/', () => ({ sections: open(randomUUID()).sections.length }));
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
