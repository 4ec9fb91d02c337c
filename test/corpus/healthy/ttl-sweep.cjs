/* corpus
{
  "says": "one-time codes live for half a second, and a timer sweeps what has expired: memory goes up and down with the load",
  "dependencies": { "express": "4.21.2" }
}
*/
const { randomUUID } = require('node:crypto');
const express = require('express');

const codes = new Map();
setInterval(() => {
  const now = Date.now();
  for (const [code, { expiresAt }] of codes) if (expiresAt < now) codes.delete(code);
}, 100).unref();

const app = express();
app.get('/', (_request, response) => {
  const code = randomUUID();
  codes.set(code, { user: `user-${codes.size}`, expiresAt: Date.now() + 500 });
  response.json({ code });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
