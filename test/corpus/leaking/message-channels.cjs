/* corpus
{
  "source": ["https://nodejs.org/api/worker_threads.html#portclose"],
  "says": "a MessageChannel for each answer of a would-be worker, and neither port closed",
  "dependencies": { "express": "4.21.2" },
  "requests": 6000,
  "suspect": { "kinds": ["container", "objects", "listeners", "closures"], "named": "MessagePort" }
}
*/
const express = require('express');
const app = express();
app.get('/', (_req, res) => {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', (value) => res.json({ value }));
  port2.postMessage(42);
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
