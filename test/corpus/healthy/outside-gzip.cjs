/* corpus
{
  "says": "every answer is compressed, and its stream ends",
  "requests": 6000
}
*/
const http = require('node:http');
const zlib = require('node:zlib');
const { pipeline, Readable } = require('node:stream');
function handle(_req, res) {
  pipeline(Readable.from(['hello '.repeat(100)]), zlib.createGzip(), res, () => {});
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
