/* corpus
{
  "says": "a cache of a hundred secure contexts, by name",
  "requests": 4000
}
*/
const http = require('node:http');
const tls = require('node:tls');
const contexts = new Map();
let n = 0;
function handle(_req, res) {
  const name = `host-${n++ % 100}`;
  if (!contexts.has(name)) contexts.set(name, tls.createSecureContext());
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
