/* corpus
{
  "source": ["https://nodejs.org/api/perf_hooks.html#performanceclearmarksname"],
  "says": "performance.mark and measure for each request, and never cleared",
  "dependencies": { "express": "4.21.2" },
  "suspect": { "kinds": ["container"], "named": "mark|measure|perf" }
}
*/
const { randomUUID } = require('node:crypto');
const express = require('express');
const app = express();
app.get('/', (_req, res) => {
  const id = randomUUID();
  performance.mark(`start-${id}`);
  const answer = JSON.stringify({ id });
  performance.measure(`request-${id}`, `start-${id}`);
  res.send(answer);
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
