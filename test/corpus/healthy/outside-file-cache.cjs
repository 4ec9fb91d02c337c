/* corpus
{
  "says": "a cache of open files: at most fifty, the oldest is closed",
  "requests": 4000
}
*/
const http = require('node:http');
const fs = require('node:fs');
const open = new Map();
let n = 0;
function handle(_req, res) {
  const name = n++ % 400;
  if (!open.has(name)) {
    if (open.size >= 50) {
      const [oldest, fd] = open.entries().next().value;
      open.delete(oldest);
      fs.closeSync(fd);
    }
    open.set(name, fs.openSync(__filename));
  }
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
