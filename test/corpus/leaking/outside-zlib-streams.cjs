/* corpus
{
  "source": [
    "https://nodejs.org/api/zlib.html#zlibclosecallback"
  ],
  "says": "a gzip stream is created for each answer and destroyed only when it ends",
  "requests": 2000,
  "suspect": {
    "kinds": [
      "streams"
    ],
    "named": "outside-zlib-streams"
  }
}
*/
const http = require('node:http');
const zlib = require('node:zlib');
const pending = new Map();
let id = 0;
function handle(_req, res) {
  const gzip = zlib.createGzip({ windowBits: 11, memLevel: 4 });
  pending.set(++id, gzip);
  gzip.write('hello', () => res.end('ok'));
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
