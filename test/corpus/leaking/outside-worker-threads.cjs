/* corpus
{
  "source": [
    "https://nodejs.org/api/worker_threads.html#workerterminate"
  ],
  "says": "a worker for every four hundredth answer is never terminated",
  "requests": 3000,
  "suspect": {
    "kinds": [
      "threads"
    ],
    "named": "outside-worker-threads"
  }
}
*/
const http = require('node:http');
const { Worker } = require('node:worker_threads');
let n = 0;
function handle(_req, res) {
  n += 1;
  if (n % 400 === 0)
    new Worker('setInterval(() => {}, 1e6)', { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 } });
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
