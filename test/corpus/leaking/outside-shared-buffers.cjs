/* corpus
{
  "source": [
    "https://nodejs.org/api/worker_threads.html#shared-memory"
  ],
  "says": "shared buffers are handed to a queue that is never drained",
  "requests": 4000,
  "suspect": {
    "kinds": [
      "buffers"
    ],
    "named": "outside-shared-buffers"
  }
}
*/
const http = require('node:http');
const queue = [];
function handle(_req, res) {
  const shared = new SharedArrayBuffer(16384);
  new Uint8Array(shared).fill(1);
  queue.push(shared);
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
