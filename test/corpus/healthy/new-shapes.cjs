/* corpus
{
  "says": "objects whose keys are always new: shapes and internalized strings come and go",
  "dependencies": { "express": "4.21.2" }
}
*/
const { randomUUID } = require('node:crypto');
const express = require('express');
const app = express();
app.get('/', (_req, res) => {
  const row = JSON.parse(`{"${randomUUID()}": 1, "${randomUUID()}": {"${randomUUID()}": 2}}`);
  row[randomUUID()] = 3;
  res.json(row);
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
