/* corpus
{
  "says": "a regular expression made of what was asked for",
  "dependencies": { "express": "4.21.2" }
}
*/
const { randomUUID } = require('node:crypto');
const express = require('express');
const app = express();
app.get('/', (_req, res) => res.json({ found: new RegExp(`^(${randomUUID()}|x+)$`, 'i').test('xxx') }));
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
