/* corpus
{
  "source": ["https://github.com/debug-js/debug/issues/678", "https://github.com/loopbackio/loopback-next/issues/5943"],
  "says": "every logger ever made is kept in a list, in case somebody enables it later; mended in 4.2.0",
  "dependencies": { "debug": "4.1.1", "express": "4.21.2" },
  "suspect": { "kinds": ["container", "closures"], "named": "instances" }
}
*/
const { randomUUID } = require('node:crypto');
const express = require('express');
const debug = require('debug');

const app = express();
app.get('/', (_request, response) => {
  const log = debug(`shop:request:${randomUUID()}`);
  log('asked');
  response.json({ ok: true });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
