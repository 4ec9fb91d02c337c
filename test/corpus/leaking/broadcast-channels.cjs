/* corpus
{
  "source": ["https://nodejs.org/api/worker_threads.html#broadcastchannelclose"],
  "says": "a BroadcastChannel for each tenth request, unref()ed and never closed: native code keeps it",
  "dependencies": { "express": "4.21.2" },
  "suspect": { "kinds": ["objects", "listeners"], "named": "MessagePort|BroadcastChannel" }
}
*/
const { BroadcastChannel } = require('node:worker_threads');
const express = require('express');

const app = express();
let asked = 0;
app.get('/', (_request, response) => {
  asked += 1;
  if (asked % 10 === 0) {
    const changes = new BroadcastChannel('changes');
    changes.unref();
    changes.addEventListener('message', ({ data }) => console.log(asked, data));
  }
  response.json({ asked });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
