/* corpus
{
  "source": ["https://github.com/chimurai/http-proxy-middleware#websocket"],
  "says": "a proxy made for each request listens for upgrades on the server",
  "dependencies": { "http-proxy-middleware": "2.0.7", "express": "4.21.2" },
  "requests": 4000,
  "suspect": { "kinds": ["listeners", "container", "closures"], "named": "upgrade|close|listener|Server" }
}
*/
const express = require('express');
const { createProxyMiddleware } = require('http-proxy-middleware');
const upstream = require('node:http').createServer((_q, r) => r.end('ok'));
const app = express();
app.get('/', (req, res, next) =>
  createProxyMiddleware({
    target: `http://127.0.0.1:${upstream.address().port}`,
    ws: true,
    logLevel: 'silent',
  })(req, res, next),
);
upstream.listen(0, '127.0.0.1', () => {
  const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
});
