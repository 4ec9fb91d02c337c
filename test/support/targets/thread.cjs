// A service whose heap is bounded while the process grows: a worker thread leaks in a heap of its own.
const http = require('node:http');
const { Worker } = require('node:worker_threads');

const LEAKED_BYTES = 16 * 1024;
const worker = new Worker(
  `const kept = [];
  require('node:worker_threads').parentPort.on('message', (at) => {
    kept.push(new Array(${LEAKED_BYTES / 8}).fill(at));
  });`,
  { eval: true },
);
let requests = 0;
const server = http.createServer((_request, response) => {
  requests += 1;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  worker.postMessage(requests);
  response.end('{}');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
