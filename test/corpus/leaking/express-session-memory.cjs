/* corpus
{
  "source": ["https://github.com/expressjs/session#compatible-session-stores", "https://github.com/expressjs/session/issues/556"],
  "says": "the default store never prunes: a session for every client that sends no cookie",
  "dependencies": { "express-session": "1.18.1", "express": "4.21.2" },
  "suspect": { "kinds": ["container", "objects"], "named": "MemoryStore|sessions" }
}
*/
const express = require('express');
const session = require('express-session');

const app = express();
app.use(session({ secret: 'corpus', resave: false, saveUninitialized: true, cookie: { maxAge: 50 } }));
app.get('/', (request, response) => {
  request.session.visits = (request.session.visits ?? 0) + 1;
  response.json({ visits: request.session.visits });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
