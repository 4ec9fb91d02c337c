/* corpus
{
  "source": [
    "https://nodejs.org/api/zlib.html#zlibclosecallback"
  ],
  "says": "a Brotli decompressor for each answer that is not closed after an error",
  "requests": 2000,
  "suspect": {
    "kinds": [
      "streams"
    ],
    "named": "outside-brotli-streams"
  }
}
*/
const http = require('node:http');
const zlib = require('node:zlib');
const streams = [];
function handle(_req, res) {
  const brotli = zlib.createBrotliDecompress();
  streams.push(brotli);
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
