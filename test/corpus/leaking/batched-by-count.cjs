/* corpus
{
  "source": ["https://github.com/open-telemetry/opentelemetry-js/issues/4115"],
  "says": "the application's own: rows are written in batches of four thousand, and each batch stays in a list of written ones",
  "suspect": { "kinds": ["container"], "named": "written" }
}
*/
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');

class Writer {
  batch = [];
  written = [];
  add(row) {
    this.batch.push(row);
    if (this.batch.length >= 4_000) this.flush();
  }
  flush() {
    for (const row of this.batch) this.written.push(row);
    this.batch.length = 0;
  }
}
const writer = new Writer();

const server = createServer((request, response) => {
  writer.add({ id: randomUUID(), url: request.url, headers: { ...request.headers }, at: Date.now() });
  response.end('ok');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
