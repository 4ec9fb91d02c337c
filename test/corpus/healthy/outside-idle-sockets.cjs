/* corpus
{
  "says": "connections to a backend that closes them after two seconds of idling",
  "requests": 3000
}
*/
const http = require('node:http');
const net = require('node:net');
const backend = net.createServer((socket) =>
  socket.setTimeout(2000, () => socket.destroy()).on('error', () => {}),
);
backend.listen(0, '127.0.0.1');
function handle(_req, res) {
  const socket = net.connect(backend.address().port, '127.0.0.1', () => res.end('ok'));
  socket.on('error', () => {});
  socket.resume();
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
