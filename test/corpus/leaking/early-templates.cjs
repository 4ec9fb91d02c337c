/* corpus
{
  "source": ["https://developer.mozilla.org/docs/Web/JavaScript/Reference/Global_Objects/Map"],
  "says": "the application's own: an audit that only grows, beside a Map of eight large early entries that takes a small one at every fourth request",
  "suspect": { "kinds": ["container"], "named": "› audit \\(Array" }
}
*/
const pages = new Map();
for (let at = 0; at < 8; at += 1) {
  const rows = Array.from({ length: 2_000 }, (_, row) => ({ row: row + at / 10 }));
  pages.set(`template-${at}`, { text: `${at}`.repeat(400_000), rows });
}
const audit = [];
let requests = 0;

function handle() {
  requests += 1;
  if (requests % 4 === 0) pages.set(`note-${requests}`, { requests });
  const lines = Array.from({ length: 20 }, (_, at) => `${requests}.${at}: ${Math.random()} was read`);
  audit.push({ requests, lines });
}

const server = require('node:http').createServer((_request, response) => {
  handle();
  response.end('ok');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
