/* corpus
{
  "says": "sessions that live for half a second, in a store that prunes",
  "dependencies": { "express-session": "1.18.1", "memorystore": "1.6.7", "express": "4.21.2" }
}
*/
const express = require('express');
const session = require('express-session');
const MemoryStore = require('memorystore')(session);

const app = express();
app.use(
  session({
    secret: 'corpus',
    resave: false,
    saveUninitialized: true,
    cookie: { maxAge: 500 },
    store: new MemoryStore({ checkPeriod: 200, ttl: 500 }),
  }),
);
app.get('/', (request, response) => response.json({ id: request.sessionID }));
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
