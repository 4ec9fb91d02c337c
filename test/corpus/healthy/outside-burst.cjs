/* corpus
{
  "says": "the first answers open files and threads, and then close them",
  "requests": 4000
}
*/
const http = require('node:http');
const fs = require('node:fs');
const open = [];
let n = 0;
function handle(_req, res) {
  n += 1;
  if (n < 1500) open.push(fs.openSync(__filename));
  else if (open.length > 0) fs.closeSync(open.pop());
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
