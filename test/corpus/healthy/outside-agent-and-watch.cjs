/* corpus
{
  "says": "one agent for all answers, and a watcher that is closed before the next one is opened",
  "requests": 4000
}
*/
const http = require('node:http');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'agent-and-watch-'));
const backend = http.createServer((_req, res) => res.end('backend'));
backend.keepAliveTimeout = 0;
backend.listen(0, '127.0.0.1');
const agent = new http.Agent({ keepAlive: true, maxSockets: 30 });
let watcher;
let n = 0;
function rewatch() {
  watcher?.close();
  const file = path.join(folder, `rules-${n}`);
  fs.writeFileSync(file, 'allow');
  watcher = fs.watch(file, () => {}).unref();
}
function handle(_req, res) {
  n += 1;
  if (n % 50 === 0) rewatch();
  if (n % 5 !== 0) return res.end('ok');
  http.get({ port: backend.address().port, agent }, (answer) =>
    answer.resume().on('end', () => res.end('ok')),
  );
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
