/* corpus
{
  "source": ["https://github.com/apollographql/apollo-link-persisted-queries/issues/26"],
  "says": "the application's own: a linked list of events that is read from its head until the latest minute, and from which nothing is dropped",
  "suspect": { "kinds": ["objects", "container"], "named": "first" }
}
*/
const { createServer } = require('node:http');

let first = null;
let last = null;
function add(what) {
  const event = { what, at: Date.now(), next: null };
  if (last) last.next = event;
  last = event;
  first ??= event;
}

/** Looks at the newest end only through a copy: `first` stays. */
function countOfBurst() {
  const since = Date.now() - 50;
  let some = 0;
  let event = last;
  while (event && event.at < since && some < 10) {
    event = event.next;
    some += 1;
  }
  return some;
}
let requests = 0;

const server = createServer((request, response) => {
  add({ path: `${request.url}?${(requests += 1)}`, host: request.headers.host });
  response.end(String(countOfBurst()));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
