/* corpus
{
  "says": "the application's own: a linked list in a closure, whose events older than nineteen seconds are cut off when a request asks for the oldest",
  "filling": true
}
*/
const { createServer } = require('node:http');

const KEEP_MS = 19_000;

function timeline() {
  let first = null;
  let last = null;
  return {
    add(what) {
      const event = { what, at: performance.now(), next: null };
      if (last) last.next = event;
      last = event;
      first ??= event;
    },
    oldest() {
      const cutoff = performance.now() - KEEP_MS;
      while (first && first.at < cutoff) first = first.next;
      if (!first) last = null;
      return first;
    },
  };
}
const events = timeline();
let requests = 0;

const server = createServer((request, response) => {
  requests += 1;
  events.add({ path: `${request.url}?${requests}`, host: request.headers.host });
  response.end(String(events.oldest()?.at));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
