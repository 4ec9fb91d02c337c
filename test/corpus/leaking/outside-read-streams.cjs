/* corpus
{
  "source": [
    "https://nodejs.org/api/fs.html#fscreatereadstreampath-options"
  ],
  "says": "a read stream is opened for each answer, read in part and not destroyed",
  "requests": 3000,
  "suspect": {
    "kinds": [
      "files"
    ],
    "named": "outside-read-streams"
  }
}
*/
const http = require('node:http');
const fs = require('node:fs');
function handle(_req, res) {
  const stream = fs.createReadStream(process.execPath, { highWaterMark: 16 });
  stream.once('data', (chunk) => {
    stream.pause();
    res.end(String(chunk.length));
  });
  streams.push(stream);
}
const streams = [];
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
