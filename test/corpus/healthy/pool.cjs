/* corpus
{
  "says": "a pool that grows to as many connections as are busy at once, each with large buffers of its own",
  "dependencies": { "generic-pool": "3.9.0", "express": "4.21.2" }
}
*/
const express = require('express');
const { createPool } = require('generic-pool');

let made = 0;
const pool = createPool(
  {
    create: async () => ({ number: made++, buffer: Buffer.alloc(500_000), statements: new Map() }),
    destroy: async () => {},
  },
  { max: 16, min: 0 },
);
const app = express();
app.get('/', (_request, response, next) => {
  pool
    .use(async (connection) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      const statement = `select ${Math.floor(Math.random() * 50)}`;
      connection.statements.set(statement, { statement });
      return connection.number;
    })
    .then((number) => response.json({ number }), next);
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
