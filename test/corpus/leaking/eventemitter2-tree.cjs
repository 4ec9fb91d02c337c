/* corpus
{
  "source": ["https://github.com/englercj/node-esl/issues/69", "https://github.com/EventEmitter2/EventEmitter2/issues/136"],
  "says": "wildcards: once() of a name with a job id leaves an empty node in the listener tree",
  "dependencies": { "eventemitter2": "0.4.14", "express": "4.21.2" },
  "suspect": { "kinds": ["container", "listeners"], "named": "listenerTree|JOB" }
}
*/
const { randomUUID } = require('node:crypto');
const express = require('express');
const { EventEmitter2 } = require('eventemitter2');
const bus = new EventEmitter2({ wildcard: true, delimiter: '::' });
const app = express();
app.get('/', (_req, res) => {
  const job = randomUUID();
  bus.once(`esl::event::JOB::${job}`, () => res.send('done'));
  bus.emit(`esl::event::JOB::${job}`);
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
