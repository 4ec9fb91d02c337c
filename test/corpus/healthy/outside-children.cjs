/* corpus
{
  "says": "a child for every fortieth answer, and each ends",
  "requests": 3000
}
*/
const http = require('node:http');
const { execFile } = require('node:child_process');
let n = 0;
function handle(_req, res) {
  n += 1;
  if (n % 40 === 0) execFile('true', () => res.end('ok'));
  else res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
