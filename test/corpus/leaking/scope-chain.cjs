/* corpus
{
  "source": ["https://developer.mozilla.org/docs/Web/JavaScript/Guide/Closures"],
  "says": "the application's own: each scope listens to the one before it, so that every scope is retained by the next",
  "suspect": { "kinds": ["closures", "objects"], "named": "› current \\(a chain of .* Scope" }
}
*/
class Scope {
  constructor(before) {
    this.o = { '*': [] };
    if (before) this.o['*'].push((event) => before.emit(event));
  }
  emit(event) {
    for (const listener of this.o['*']) listener(event);
  }
}

let current = new Scope(null);
function handle() {
  current = new Scope(current);
}

const server = require('node:http').createServer((_request, response) => {
  handle();
  response.end('ok');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
