/* corpus
{
  "says": "what is known of a request hangs on the request, by a WeakMap, a WeakRef and a finalizer",
  "dependencies": { "express": "4.21.2" }
}
*/
const express = require('express');

const details = new WeakMap();
const alive = new Set();
const gone = new FinalizationRegistry((reference) => alive.delete(reference));
const app = express();
app.use((request, _response, next) => {
  const reference = new WeakRef(request);
  details.set(request, { startedAt: Date.now(), trail: Array.from({ length: 50 }, (_, at) => `step ${at}`) });
  alive.add(reference);
  gone.register(request, reference);
  next();
});
app.get('/', (request, response) => response.json({ steps: details.get(request).trail.length }));
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
