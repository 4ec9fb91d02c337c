// A cluster of three workers. With LEAK, each keeps a line of each request.
import cluster from 'node:cluster';
import { createServer } from 'node:http';

if (cluster.isPrimary) {
  let listening = 0;
  cluster.on('listening', (_worker, { port }) => {
    listening += 1;
    if (listening === 3) console.log(port);
  });
  for (let at = 0; at < 3; at += 1) cluster.fork();
  process.once('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers)) worker.process.kill();
    process.exit(0);
  });
} else {
  const lines = [];
  createServer((request, response) => {
    if (process.env.LEAK)
      lines.push({ url: request.url, at: Date.now(), text: 'y'.repeat(80) + Math.random() });
    response.end('ok');
  }).listen(0, '127.0.0.1');
}
