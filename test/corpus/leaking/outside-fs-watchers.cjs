/* corpus
{
  "source": [
    "https://nodejs.org/api/fs.html#watcherclose"
  ],
  "says": "a directory is watched for each answer and the watcher is not closed",
  "requests": 3000,
  "suspect": {
    "kinds": [
      "handles",
      "objects",
      "container",
      "listeners"
    ],
    "named": "outside-fs-watchers|FSWatcher|FSEvent"
  }
}
*/
const http = require('node:http');
const fs = require('node:fs');
function handle(_req, res) {
  fs.watch(__dirname, () => {});
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
