// A service that keeps what came in the last `keep` milliseconds, and removes what is older when a request comes.
const http = require('node:http');

const seen = new Map();
const server = http.createServer((request, response) => {
  const keepMs = Number(new URL(request.url, 'http://localhost').searchParams.get('keep'));
  const now = Date.now();
  for (const [id, { at }] of seen) {
    if (now - at < keepMs) break;
    seen.delete(id);
  }
  seen.set(seen.size + Math.random(), { at: now, path: `${request.url}${now}` });
  response.end('{}');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
