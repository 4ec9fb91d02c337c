/* corpus
{
  "says": "two generations: when the young map has 1,500 entries it becomes the old one",
  "dependencies": { "express": "4.21.2" }
}
*/
const { randomUUID } = require('node:crypto');
const express = require('express');
let young = new Map(),
  old = new Map();
const app = express();
app.get('/', (_req, res) => {
  const id = randomUUID();
  young.set(id, { id, made: Date.now(), tags: ['a', 'b'] });
  if (young.size > 1500) {
    old = young;
    young = new Map();
  }
  res.json({ id });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
