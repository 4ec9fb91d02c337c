/* corpus
{
  "source": ["https://github.com/apollographql/apollo-link-persisted-queries/issues/26"],
  "says": "the application's own: an outbox numbers its rows, and its largest number is as large as the outbox",
  "suspect": { "kinds": ["container"], "named": "rows" }
}
*/
const { createServer } = require('node:http');

class Outbox {
  maxId = 0;
  rows = new Map();
  add(row) {
    this.rows.set(++this.maxId, row);
    return this.maxId;
  }
}
const outbox = new Outbox();

const server = createServer((request, response) => {
  const id = outbox.add({ url: request.url, headers: { ...request.headers }, at: Date.now() });
  response.end(String(id));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
