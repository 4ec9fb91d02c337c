/* corpus
{
  "source": [
    "https://nodejs.org/api/http2.html#http2sessionclosecallback"
  ],
  "says": "a client session of HTTP/2 is opened for each answer and never closed",
  "requests": 2000,
  "suspect": {
    "kinds": [
      "sockets",
      "objects",
      "container",
      "listeners"
    ],
    "named": "outside-http2-sessions|Http2Session|Session|Socket"
  }
}
*/
const http = require('node:http');
const http2 = require('node:http2');
const backend = http2.createServer((_req, res) => res.end('ok')).listen(0, '127.0.0.1');
const sessions = [];
function handle(_req, res) {
  const session = http2.connect(`http://127.0.0.1:${backend.address().port}`);
  session.on('connect', () => res.end('ok'));
  sessions.push(session);
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
