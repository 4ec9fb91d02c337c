// The work is done in a worker thread.
import { createServer } from 'node:http';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { name: 'thumbnails' });
  const waiting = new Map();
  let count = 0;
  worker.on('message', ({ id, text }) => {
    waiting.get(id).end(text);
    waiting.delete(id);
  });
  createServer((request, response) => {
    count += 1;
    waiting.set(count, response);
    worker.postMessage({ id: count, url: request.url });
  }).listen(Number(process.env.PORT), '127.0.0.1');
} else {
  const thumbnails = new Map();
  parentPort.on('message', ({ id, url }) => {
    //leak thumbnails.set(id, { url, pixels: 'p'.repeat(100) + id });
    parentPort.postMessage({ id, text: `ok ${thumbnails.size > 0}` });
  });
}
