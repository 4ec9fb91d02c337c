/* corpus
{
  "source": [
    "https://nodejs.org/api/dgram.html#socketclosecallback"
  ],
  "says": "a datagram socket is bound for each metric and not closed",
  "requests": 3000,
  "suspect": {
    "kinds": [
      "sockets",
      "handles",
      "objects",
      "listeners",
      "container"
    ],
    "named": "outside-udp-sockets|Socket|UDP"
  }
}
*/
const http = require('node:http');
const dgram = require('node:dgram');
function handle(_req, res) {
  const socket = dgram.createSocket('udp4');
  socket.bind(0, '127.0.0.1', () => res.end('ok'));
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
