/* corpus
{
  "source": ["https://nodejs.org/api/events.html#eventsonemitter-eventname-options"],
  "says": "a consumer that awaits the next job for ever, and writes out what it has whenever there are 4,000 of them",
  "dependencies": { "express": "4.21.2" }
}
*/
const { EventEmitter, on } = require('node:events');
const express = require('express');

const jobs = new EventEmitter();
let written = 0;

async function consume() {
  let batch = [];
  for await (const [job] of on(jobs, 'job')) {
    batch.push({ id: job.id, text: `done: ${job.what}`, at: new Date() });
    if (batch.length < 4_000) continue;
    written += JSON.stringify(batch).length;
    batch = [];
  }
}
void consume();

const app = express();
let asked = 0;
app.get('/', (_request, response) => {
  const id = (asked += 1);
  jobs.emit('job', { id, what: `report ${id}` });
  response.json({ id, written });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
