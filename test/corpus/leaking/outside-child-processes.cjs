/* corpus
{
  "source": [
    "https://nodejs.org/api/child_process.html#subprocesskillsignal"
  ],
  "says": "a child for every twentieth answer waits for input that never ends",
  "requests": 1000,
  "suspect": {
    "kinds": [
      "processes"
    ],
    "named": "outside-child-processes"
  }
}
*/
const http = require('node:http');
const { spawn } = require('node:child_process');
const children = [];
let n = 0;
function handle(_req, res) {
  n += 1;
  if (n % 20 === 0) children.push(spawn('sleep', ['1000'], { stdio: 'ignore' }));
  res.end('ok');
}
process.on('exit', () => children.forEach((child) => child.kill()));
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
