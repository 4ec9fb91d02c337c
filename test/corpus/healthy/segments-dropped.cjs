/* corpus
{
  "says": "a log in segments of four hundred rows that keeps the last forty segments",
  "filling": true
}
*/
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');

const segments = [[]];
function append(row) {
  let segment = segments.at(-1);
  if (segment.length >= 400) {
    segments.push((segment = []));
    if (segments.length > 40) segments.shift();
  }
  segment.push(row);
}

const server = createServer((request, response) => {
  append({ id: randomUUID(), url: request.url, headers: { ...request.headers }, at: Date.now() });
  response.end(String(segments.length));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
