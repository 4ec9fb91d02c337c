/* corpus
{
  "source": ["https://github.com/open-telemetry/opentelemetry-js/pull/4163"],
  "says": "the application's own: a log in segments of four hundred rows, none of which is ever dropped; the list of segments gains few entries",
  "requests": 60000,
  "suspect": { "kinds": ["container"], "named": "segments" }
}
*/
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');

const segments = [[]];
function append(row) {
  let segment = segments.at(-1);
  if (segment.length >= 400) segments.push((segment = []));
  segment.push(row);
}

const server = createServer((request, response) => {
  append({ id: randomUUID(), url: request.url, host: request.headers.host, at: Date.now() });
  response.end(String(segments.length));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
