/* corpus
{
  "source": ["https://en.wikipedia.org/wiki/Undo"],
  "says": "the application's own: each version retains the one before, and the chain is cut after 400"
}
*/
class Version {
  constructor(before, id) {
    this.meta = { before, text: `version ${id} of the document` };
  }
}

let current = null;
let versions = 0;
function handle() {
  versions += 1;
  current = new Version(current, versions);
  let at = current;
  for (let back = 0; back < 400 && at; back += 1) at = at.meta.before;
  if (at) at.meta.before = null;
}

const server = require('node:http').createServer((_request, response) => {
  handle();
  response.end('ok');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
