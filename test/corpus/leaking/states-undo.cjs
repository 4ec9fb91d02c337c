/* corpus
{
  "source": ["https://developer.mozilla.org/docs/Web/JavaScript/Guide/Closures"],
  "says": "the application's own: each state keeps the one before it for an undo that nobody limits, three steps away",
  "suspect": { "kinds": ["objects", "closures"], "named": "› state \\(a chain of .* Object" }
}
*/
const http = require('node:http');

let changes = 0;
let state = { total: 0, undo: null };

function change(by) {
  changes += 1;
  state = { total: state.total + by, undo: { reason: `change ${changes}`, to: { state } } };
}

const server = http.createServer((_request, response) => {
  change(1);
  response.end(String(state.total));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
