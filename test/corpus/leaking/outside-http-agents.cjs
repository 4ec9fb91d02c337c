/* corpus
{
  "source": [
    "https://nodejs.org/api/http.html#agentdestroy"
  ],
  "says": "one answer in 25 makes an http.Agent of its own, which keeps its connection alive and is never destroyed",
  "requests": 4000,
  "suspect": {
    "kinds": [
      "sockets"
    ],
    "named": "outside-http-agents"
  }
}
*/
const http = require('node:http');
const backend = http.createServer((_req, res) => res.end('backend'));
backend.keepAliveTimeout = 0;
backend.listen(0, '127.0.0.1');
let n = 0;
function ask(answered) {
  const agent = new http.Agent({ keepAlive: true });
  http.get({ port: backend.address().port, agent }, (answer) => answer.resume().on('end', answered));
}
function handle(_req, res) {
  n += 1;
  if (n % 25 === 0) ask(() => res.end('ok'));
  else res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
