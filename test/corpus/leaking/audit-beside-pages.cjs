/* corpus
{
  "source": ["https://github.com/apollographql/graphql-tag/issues/356"],
  "says": "the application's own: rendered pages in a Map that is cut at its maximum, and beside it an audit trail that nothing cuts",
  "suspect": { "kinds": ["container"], "named": "trail" }
}
*/
const http = require('node:http');

class Pages {
  constructor(max) {
    this.max = max;
    this.rendered = new Map();
  }
  set(key, page) {
    this.rendered.set(key, page);
    if (this.rendered.size > this.max) this.rendered.delete(this.rendered.keys().next().value);
  }
}

const pages = new Pages(9_000);
const trail = [];
let requests = 0;

const server = http.createServer((request, response) => {
  requests += 1;
  const lines = Array.from({ length: 50 }, (_, line) => requests * line + 0.5);
  pages.set(`/pages/${requests}`, { lines, headers: { ...request.headers } });
  trail.push({
    url: request.url,
    at: new Date(),
    by: { agent: `agent ${requests}`, address: `10.0.0.${requests % 256}` },
  });
  response.end(String(lines.length));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
