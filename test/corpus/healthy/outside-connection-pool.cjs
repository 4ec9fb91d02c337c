/* corpus
{
  "says": "an agent that keeps at most thirty connections open",
  "requests": 4000
}
*/
const http = require('node:http');
const backend = http.createServer((_req, res) => res.end('ok')).listen(0, '127.0.0.1');
const agent = new http.Agent({ keepAlive: true, maxSockets: 30 });
function handle(_req, res) {
  http.get({ port: backend.address().port, host: '127.0.0.1', agent }, (answer) => answer.pipe(res));
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
