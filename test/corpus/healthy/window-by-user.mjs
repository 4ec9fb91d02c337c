/* corpus
{
  "says": "the application's own: a rate limit keeps the times of each user's requests, and a request drops those of its user that are older than 22 seconds",
  "filling": true
}
*/
import { createServer } from 'node:http';

const keepMs = 22_000;
const calls = new Map();
let requests = 0;

function allowed(user) {
  const cutoff = performance.now() - keepMs;
  const recent = (calls.get(user) ?? []).filter(({ time }) => time > cutoff);
  recent.push({ time: performance.now(), number: (requests += 1), note: `call ${requests}` });
  calls.set(user, recent);
  return recent.length < 100_000;
}

const server = createServer((request, response) => {
  response.statusCode = allowed(`user ${requests % 40}`) ? 200 : 429;
  response.end('ok');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
