/* corpus
{
  "source": ["https://nodejs.org/en/learn/diagnostics/memory"],
  "says": "a text that each request appends a line to, cut to its last half whenever it has half a million characters",
  "dependencies": { "express": "4.21.2" }
}
*/
const express = require('express');

const MOST = 500_000;
let log = '';

function note(request) {
  log += `${new Date().toISOString()} ${request.method} ${request.originalUrl} ${request.ip}\n`;
  if (log.length > MOST) log = Buffer.from(log.slice(-MOST / 2)).toString();
}

const app = express();
app.use((request, _response, next) => {
  note(request);
  next();
});
app.get('/', (_request, response) => response.json({ characters: log.length }));
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
