// A proxy before two replicas.
import { fork } from 'node:child_process';
import { Agent, createServer, request as ask } from 'node:http';

const first = Number(process.env.PORT) + 1;
const ports = [first, first + 1];
const replicas = ports.map((port) => fork('orders.mjs', { env: { ...process.env, PORT: String(port) } }));
process.once('exit', () => replicas.forEach((replica) => replica.kill()));
const agent = new Agent({ keepAlive: true });
let count = 0;
createServer((request, response) => {
  count += 1;
  const port = ports[count % 2];
  const { url, method, headers } = request;
  const upstream = ask({ host: '127.0.0.1', port, path: url, method, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  upstream.on('error', () => response.writeHead(502).end());
  request.pipe(upstream);
}).listen(Number(process.env.PORT), '127.0.0.1');
