/* corpus
{
  "source": ["https://github.com/apollographql/apollo-link-persisted-queries/issues/26"],
  "says": "the application's own: a table with a limit that is raised whenever it is reached",
  "suspect": { "kinds": ["container"], "named": "entries" }
}
*/
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');

function createTable() {
  const table = { limit: 16_384, entries: new Map() };
  const makeRoom = () => {
    table.limit = Math.ceil(table.limit * 1.5);
  };
  return {
    add(row) {
      if (table.entries.size >= table.limit) makeRoom();
      table.entries.set(row.id, row);
    },
    count: () => table.entries.size,
  };
}
const table = createTable();

const server = createServer((request, response) => {
  table.add({ id: randomUUID(), url: request.url, headers: { ...request.headers }, at: Date.now() });
  response.end(String(table.count()));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
