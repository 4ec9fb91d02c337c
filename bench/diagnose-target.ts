// A service to diagnose: a cache of users that only grows. Argument: the number of users at the start.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

class LeakyUserCache {
  readonly users = new Map<string, object>();

  add(at: number): void {
    const id = Buffer.from(`user-${at}`).toString('latin1');
    this.users.set(id, { id, name: `Name ${at} Surname`, email: `user${at}@example.org`, at: new Date(at) });
  }
}

const cache = new LeakyUserCache();
for (let at = 0; at < Number(process.argv[2]); at += 1) cache.add(at);
const server = http.createServer((request, response) => {
  if (request.url === '/') cache.add(cache.users.size);
  response.end('{}');
});
server.listen(0, '127.0.0.1', () => process.stdout.write(String((server.address() as AddressInfo).port)));
