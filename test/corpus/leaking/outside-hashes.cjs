/* corpus
{
  "source": [
    "https://nodejs.org/api/crypto.html#class-hash"
  ],
  "says": "a hash object is kept for each request although its digest was never taken",
  "requests": 8000,
  "suspect": {
    "kinds": [
      "native"
    ],
    "named": "outside-hashes"
  }
}
*/
const http = require('node:http');
const { createHash } = require('node:crypto');
const open = new Map();
let id = 0;
function handle(_req, res) {
  open.set(++id, createHash('sha512').update('x'));
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
