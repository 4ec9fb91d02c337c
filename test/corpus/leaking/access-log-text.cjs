/* corpus
{
  "source": ["https://nodejs.org/en/learn/diagnostics/memory"],
  "says": "the application's own: a text of all requests so far, which each request appends a line to",
  "dependencies": { "express": "4.21.2" },
  "suspect": { "kinds": ["container"], "named": "AccessLog.*#text|log" }
}
*/
const express = require('express');

class AccessLog {
  #text = '';

  note(request) {
    this.#text += `${new Date().toISOString()} ${request.method} ${request.originalUrl} ${request.ip}\n`;
  }

  lastLine() {
    return this.#text.slice(this.#text.lastIndexOf('\n', this.#text.length - 2) + 1);
  }
}

const log = new AccessLog();
const app = express();
app.use((request, _response, next) => {
  log.note(request);
  next();
});
app.get('/', (_request, response) => response.json({ last: log.lastLine() }));
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
