/* corpus
{
  "source": ["https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Classes/Private_elements"],
  "says": "the application's own: the rows of an audit are in a static private field of its class",
  "dependencies": { "express": "4.21.2" },
  "suspect": { "kinds": ["container"], "named": "Audit.*#rows" }
}
*/
const { randomUUID } = require('node:crypto');
const express = require('express');

class Audit {
  static #rows = [];

  static note(what) {
    Audit.#rows.push({ id: randomUUID(), what, at: new Date() });
    return Audit.#rows.length;
  }
}

const app = express();
app.get('/', (request, response) => response.json({ noted: Audit.note(request.path) }));
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
