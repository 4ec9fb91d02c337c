/* corpus
{
  "source": [
    "https://nodejs.org/api/fs.html#watcherunref"
  ],
  "says": "one answer in 50 watches a file of its own; the watchers are unref'd, so that no list of active handles has them, and one descriptor serves them all",
  "requests": 4000,
  "suspect": {
    "kinds": [
      "handles"
    ],
    "named": "outside-unref-watchers"
  }
}
*/
const http = require('node:http');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'unref-watchers-'));
let changed = 0;
let n = 0;
function handle(_req, res) {
  n += 1;
  if (n % 50 === 0) {
    const file = path.join(folder, `rules-${n}`);
    fs.writeFileSync(file, 'allow');
    fs.watch(file, () => (changed += 1)).unref();
  }
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
