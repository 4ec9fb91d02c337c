// A service with three worker threads: one waits for a lock, one computes, one keeps what it is sent.
const { spawnSync } = require('node:child_process');
const http = require('node:http');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

/** The third thread calls a program and waits for it when it gets the last of so many messages. */
const LATE = 200;

if (isMainThread) {
  const start = (task) => new Worker(__filename, { workerData: task });
  start('wait');
  start('compute');
  const keeping = start('keep');
  let sent = 0;
  const server = http.createServer((request, response) => {
    if (request.url === '/late') sent += 1;
    // No more, because they would pile up.
    const isSent = request.url === '/keep' || (request.url === '/late' && sent <= LATE);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    if (isSent) keeping.postMessage(request.url);
    response.end('{}');
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
} else if (workerData === 'wait') {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
} else if (workerData === 'compute') {
  let number = 0;
  while (number >= 0) number = Math.sqrt(number + 1);
} else {
  const kept = [];
  let late = 0;
  parentPort.on('message', (message) => {
    if (message === '/keep') kept.push({ message, numbers: Array.from({ length: 100 }, () => kept.length) });
    else if (++late === LATE) spawnSync('sleep', ['90']);
  });
}
