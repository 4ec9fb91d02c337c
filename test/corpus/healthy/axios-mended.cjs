/* corpus
{
  "says": "the same service as axios-cancel-token, with a version that takes its listeners off again",
  "dependencies": { "axios": "1.7.9", "express": "4.21.2" }
}
*/
const { createServer } = require('node:http');
const axios = require('axios');
const express = require('express');

const shutdown = axios.CancelToken.source();
process.once('SIGTERM', () => shutdown.cancel('going down'));

const upstream = createServer((_request, response) => response.end('{"price":42}'));
const app = express();
app.get('/', async (_request, response) => {
  const { port } = upstream.address();
  const { data } = await axios.get(`http://127.0.0.1:${port}/price`, { cancelToken: shutdown.token });
  response.json(data);
});

upstream.listen(0, '127.0.0.1', () => {
  const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
});
