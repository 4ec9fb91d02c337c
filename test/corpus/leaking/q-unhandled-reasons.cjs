/* corpus
{
  "source": ["https://github.com/kriskowal/q/issues/760", "https://github.com/kriskowal/q/issues/265"],
  "says": "Q keeps each rejection that nobody handled, and its reason, until somebody asks for them",
  "dependencies": { "q": "1.5.1", "express": "4.21.2" },
  "requests": 6000,
  "suspect": { "kinds": ["container", "promises", "objects"], "named": "unhandledRe|reportedUnhandled|\\bQ\\b|/q/" }
}
*/
const express = require('express');
const Q = require('q');

// Nobody minds whether a visit was counted.
function countVisit(path) {
  return Q.delay(1).then(() => {
    throw new Error(`counter is away: ${path}`);
  });
}

const app = express();
app.get('/', (request, response) => {
  countVisit(request.path);
  response.json({ ok: true });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
