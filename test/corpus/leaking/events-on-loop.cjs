/* corpus
{
  "source": ["https://nodejs.org/api/events.html#eventsonemitter-eventname-options"],
  "says": "a consumer that awaits the next job for ever, and keeps the results of those before in a variable of its own",
  "dependencies": { "express": "4.21.2" },
  "suspect": { "kinds": ["container"], "named": "consume" }
}
*/
const { EventEmitter, on } = require('node:events');
const express = require('express');

const jobs = new EventEmitter();

async function consume() {
  const results = [];
  for await (const [job] of on(jobs, 'job')) {
    results.push({ id: job.id, text: `done: ${job.what}`, at: new Date() });
  }
  return results; // never reached: the stream of jobs has no end
}
void consume();

const app = express();
let asked = 0;
app.get('/', (_request, response) => {
  const id = (asked += 1);
  jobs.emit('job', { id, what: `report ${id}` });
  response.json({ id });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
