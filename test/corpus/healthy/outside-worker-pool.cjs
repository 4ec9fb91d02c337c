/* corpus
{
  "says": "a pool that warms up to six workers",
  "requests": 4000
}
*/
const http = require('node:http');
const { Worker } = require('node:worker_threads');
const pool = [];
let n = 0;
function handle(_req, res) {
  n += 1;
  if (pool.length < 6 && n % 300 === 0)
    pool.push(
      new Worker("require('node:worker_threads').parentPort.on('message', () => {})", { eval: true }),
    );
  pool[n % (pool.length || 1)]?.postMessage(n);
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
