/* corpus
{
  "source": [
    "https://nodejs.org/api/buffer.html#class-blob"
  ],
  "says": "the body of each answer is stored as a Blob, whose bytes are outside V8",
  "requests": 3000,
  "suspect": {
    "kinds": [
      "native"
    ],
    "named": "outside-blobs"
  }
}
*/
const http = require('node:http');
const bodies = [];
let n = 0;
function handle(_req, res) {
  n += 1;
  bodies.push(new Blob([`body ${n} ${'x'.repeat(3000)}`]));
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
