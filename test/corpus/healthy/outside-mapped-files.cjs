/* corpus
{
  "says": "files are read again and again; their pages stay in the page cache, not in the process",
  "requests": 6000
}
*/
const http = require('node:http');
const fs = require('node:fs');
function handle(_req, res) {
  fs.readFile(__filename, (_error, data) => res.end(String(data.length)));
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
