/* corpus
{
  "source": ["https://github.com/Jeff-Lewis/cls-hooked/issues/66"],
  "says": "a context that holds a promise is never removed: the promise keeps its own context alive",
  "dependencies": { "cls-hooked": "4.2.2", "express": "4.21.2" },
  "suspect": { "kinds": ["container"], "named": "_contexts|Namespace" }
}
*/
const express = require('express');
const cls = require('cls-hooked');

const session = cls.createNamespace('session');
const app = express();
app.use((request, _response, next) => {
  session.run(() => {
    session.set('user', Promise.resolve({ ip: request.ip, roles: ['reader'] }));
    next();
  });
});
app.get('/', async (_request, response) => response.json(await session.get('user')));
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
