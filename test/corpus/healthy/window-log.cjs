/* corpus
{
  "says": "the application's own: a log keeps what came in the last 24 seconds, and cuts off what is older once that is a thousand lines",
  "filling": true
}
*/
const { createServer } = require('node:http');

const HORIZON_MS = 24_000;
const log = [];
let lines = 0;

function trim(now) {
  let old = 0;
  while (old < log.length && log[old].at < now - HORIZON_MS) old += 1;
  if (old > 1_000) log.splice(0, old);
}

const server = createServer((request, response) => {
  const now = Date.now();
  trim(now);
  log.push({ at: now, path: `${request.url}${(lines += 1)}`, host: request.headers.host });
  response.end('ok');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
