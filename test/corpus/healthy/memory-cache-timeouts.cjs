/* corpus
{
  "says": "a timer for each key, six seconds each: thousands of timers and their closures at once",
  "dependencies": { "memory-cache": "0.2.0", "express": "4.21.2" },
  "filling": true
}
*/
const { randomUUID } = require('node:crypto');
const express = require('express');
const cache = require('memory-cache');

const app = express();
app.get('/', (request, response) => {
  const id = randomUUID();
  cache.put(`nonce:${id}`, { id, ip: request.ip, issued: new Date() }, 6_000);
  response.json({ id });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
