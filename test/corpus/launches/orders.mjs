import { createServer } from 'node:http';

const trail = new Map();
let count = 0;

export function answer(request, response) {
  count += 1;
  //leak trail.set(`${process.pid}-${count}`, { url: request.url, at: Date.now(), note: 'n'.repeat(60) + count });
  response.end(`ok ${trail.size > 0}`);
}

/** A socket's path, or a port on loopback. */
const { SOCKET, PORT } = process.env;
if (!process.env.NO_SERVER) {
  const server = createServer(answer);
  if (SOCKET) server.listen(SOCKET);
  else server.listen({ port: Number(PORT), host: '127.0.0.1', reusePort: Boolean(process.env.REUSE_PORT) });
}
