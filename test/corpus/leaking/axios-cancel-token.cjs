/* corpus
{
  "source": ["https://github.com/axios/axios/issues/3001", "https://github.com/axios/axios/pull/3305"],
  "says": "a CancelToken that outlives its requests keeps a reaction for each of them on its promise; mended in 0.22.0",
  "dependencies": { "axios": "0.21.1", "express": "4.21.2" },
  "requests": 4000,
  "suspect": { "kinds": ["promises", "closures", "container", "listeners"], "named": "CancelToken|shutdown|token" }
}
*/
const { createServer } = require('node:http');
const axios = require('axios');
const express = require('express');

// Cancelled when the service goes down, so that nothing hangs then.
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
