/* corpus
{
  "source": ["https://github.com/node-schedule/node-schedule/pull/478", "https://github.com/node-schedule/node-schedule/pull/581"],
  "says": "a job that runs once, at a date, stays in the list of scheduled jobs when it is over; mended in 2.0.0",
  "dependencies": { "node-schedule": "1.3.2", "express": "4.21.2" },
  "requests": 4000,
  "suspect": { "kinds": ["container", "objects", "closures"], "named": "scheduledJobs|\\bJob\\b|node-schedule" }
}
*/
const express = require('express');
const schedule = require('node-schedule');

const app = express();
app.get('/', (_request, response) => {
  schedule.scheduleJob(new Date(Date.now() + 60), () => response.json({ reminded: true }));
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
