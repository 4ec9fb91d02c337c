/* corpus
{
  "says": "spans wait in a buffer, and every fifteen seconds a timer hands them to an exporter that keeps none",
  "filling": true
}
*/
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');

let exported = 0;
const exporter = { export: (spans) => (exported += spans.length) };
let spans = [];
setInterval(() => {
  const batch = spans;
  spans = [];
  exporter.export(batch);
}, 15_000);

const server = createServer((request, response) => {
  spans.push({ id: randomUUID(), url: request.url, headers: { ...request.headers }, at: Date.now() });
  response.end(String(exported));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
