// A service whose heap is bounded while the process grows: a thread of its own, with a heap of its own, forgets nothing.
const http = require('node:http');
const { Worker } = require('node:worker_threads');

const KEPT_BYTES = 16 * 1024;
const worker = new Worker(
  `const kept = [];
  require('node:worker_threads').parentPort.on('message', (at) => {
    kept.push(new Array(${KEPT_BYTES / 8}).fill(at));
  });`,
  { eval: true },
);
let asked = 0;
const server = http.createServer((_request, response) => {
  asked += 1;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  worker.postMessage(asked);
  response.end('{}');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
