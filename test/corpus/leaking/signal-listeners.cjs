/* corpus
{
  "source": ["https://nodejs.org/api/process.html#signal-events", "https://nodejs.org/api/events.html#emittersetmaxlistenersn"],
  "says": "each request registers with process.once() what has to happen should the process be told to stop",
  "dependencies": { "express": "4.21.2" },
  "suspect": { "kinds": ["listeners"], "named": "process" }
}
*/
const express = require('express');

process.setMaxListeners(0); // the warnings were in the way
const app = express();
app.get('/', (request, response) => {
  process.once('SIGTERM', () => response.destroy());
  response.json({ path: request.path });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
