/* corpus
{
  "source": [
    "https://nodejs.org/api/net.html#socketdestroyerror"
  ],
  "says": "each answer opens a connection of its own to a backend, which is never closed",
  "requests": 3000,
  "suspect": {
    "kinds": [
      "sockets",
      "objects",
      "container",
      "listeners"
    ],
    "named": "outside-client-sockets|Socket"
  }
}
*/
const http = require('node:http');
const net = require('node:net');
const backend = net.createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
const connections = [];
function handle(_req, res) {
  const socket = net.connect(backend.address().port, '127.0.0.1', () => res.end('ok'));
  connections.push(socket);
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
