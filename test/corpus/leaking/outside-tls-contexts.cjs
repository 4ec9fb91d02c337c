/* corpus
{
  "source": [
    "https://nodejs.org/api/tls.html#tlscreatesecurecontextoptions"
  ],
  "says": "a secure context is created for each connection and kept by a random name",
  "requests": 2000,
  "suspect": {
    "kinds": [
      "native"
    ],
    "named": "outside-tls-contexts"
  }
}
*/
const http = require('node:http');
const tls = require('node:tls');
const byName = {};
function handle(_req, res) {
  byName[`host-${Math.random()}`] = tls.createSecureContext({ minVersion: 'TLSv1.2' });
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
