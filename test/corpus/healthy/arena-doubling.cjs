/* corpus
{
  "says": "an arena for events that doubles until it has sixteen megabytes and then begins again at its start: steps that are ever bigger",
  "dependencies": { "express": "4.21.2" },
  "filling": true
}
*/
const { randomBytes } = require('node:crypto');
const express = require('express');

const CAP = 16 * 1024 * 1024;
let arena = new Uint8Array(64 * 1024);
let end = 0;
function append(bytes) {
  if (end + bytes.length > arena.length) {
    if (arena.length < CAP) {
      const wider = new Uint8Array(arena.length * 2);
      wider.set(arena);
      arena = wider;
    } else {
      end = 0;
    }
  }
  arena.set(bytes, end);
  end += bytes.length;
  return end;
}

const app = express();
app.get('/', (_request, response) => response.json({ end: append(randomBytes(800)) }));
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
