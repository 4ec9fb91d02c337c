/* corpus
{
  "source": [
    "https://nodejs.org/api/inspector.html#sessiondisconnect"
  ],
  "says": "a session of the inspector is connected for each profile and not disconnected",
  "requests": 3000,
  "suspect": {
    "kinds": [
      "handles",
      "native"
    ],
    "named": "outside-inspector-sessions"
  }
}
*/
const http = require('node:http');
const inspector = require('node:inspector');
const sessions = [];
let n = 0;
function handle(_req, res) {
  n += 1;
  if (n % 4 === 0) {
    const session = new inspector.Session();
    session.connect();
    sessions.push(session);
  }
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
