/* corpus
{
  "source": [
    "https://nodejs.org/api/fs.html#class-filehandle"
  ],
  "says": "a FileHandle of fs.promises stays in a list, and is never closed",
  "requests": 4000,
  "suspect": {
    "kinds": [
      "files"
    ],
    "named": "outside-file-handles"
  }
}
*/
const http = require('node:http');
const { open } = require('node:fs/promises');
const handles = [];
async function handle(_req, res) {
  handles.push(await open(__filename));
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
