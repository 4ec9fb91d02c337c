/* corpus
{
  "source": [
    "https://nodejs.org/api/fs.html#fsopenpath-flags-mode-callback"
  ],
  "says": "a file is opened for each answer and closed only when it is not empty",
  "requests": 4000,
  "suspect": {
    "kinds": [
      "files"
    ],
    "named": "outside-open-files"
  }
}
*/
const http = require('node:http');
const fs = require('node:fs');
const held = new Set();
function handle(_req, res) {
  fs.open(__filename, 'r', (error, fd) => {
    if (!error) held.add(fd);
    res.end('ok');
  });
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
