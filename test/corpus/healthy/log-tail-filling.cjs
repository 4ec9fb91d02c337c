/* corpus
{
  "source": ["https://nodejs.org/en/learn/diagnostics/memory"],
  "says": "a text that each request appends a line to, to be cut at twenty million characters: it has a way to go",
  "dependencies": { "express": "4.21.2" },
  "filling": true
}
*/
const express = require('express');

class Tail {
  #text = '';
  #most;

  constructor(most) {
    this.#most = most;
  }

  add(line) {
    this.#text += `${line}\n`;
    if (this.#text.length > this.#most) this.#text = this.#text.slice(-this.#most / 2);
  }

  get characters() {
    return this.#text.length;
  }
}

const tail = new Tail(20_000_000);
const app = express();
app.get('/', (request, response) => {
  tail.add(`${new Date().toISOString()} ${request.method} ${request.originalUrl} ${request.ip}`);
  response.json({ characters: tail.characters });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
