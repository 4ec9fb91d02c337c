// One of four workers keeps what it is sent.
import cluster from 'node:cluster';
import { createServer } from 'node:http';

const trail = new Map();
let count = 0;

if (cluster.isPrimary) {
  for (let at = 0; at < 4; at += 1) cluster.fork();
} else {
  createServer((request, response) => {
    count += 1;
    //leak if (cluster.worker.id === 2) trail.set(count, { url: request.url, at: Date.now(), note: 'n'.repeat(80) + count });
    response.end(`ok ${trail.size > 0}`);
  }).listen(Number(process.env.PORT), '127.0.0.1');
}
