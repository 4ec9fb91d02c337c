/* corpus
{
  "says": "a context for each request, with timers and promises inside",
  "dependencies": { "express": "4.21.2" }
}
*/
const { AsyncLocalStorage } = require('node:async_hooks');
const { setTimeout: sleep } = require('node:timers/promises');
const express = require('express');
const contexts = new AsyncLocalStorage();
const app = express();
app.use((req, _res, next) => contexts.run({ id: Math.random(), notes: [], req }, next));
app.get('/', async (_req, res) => {
  await sleep(5);
  contexts.getStore().notes.push('slept');
  res.json(contexts.getStore().notes);
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
