/* corpus
{
  "source": ["https://github.com/apollographql/apollo-link-persisted-queries/issues/26"],
  "says": "the application's own: a timeline has its newest rows first, by keys that count down, which looks like room that is left",
  "suspect": { "kinds": ["container"], "named": "#rows" }
}
*/
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');

class Timeline {
  #rows = new Map();
  #next = 0x7fffffff;
  add(row) {
    const key = this.#next;
    this.#next -= 1;
    this.#rows.set(key, row);
    return key;
  }
}

const timeline = new Timeline();
const server = createServer((request, response) => {
  response.end(String(timeline.add({ id: randomUUID(), url: request.url, at: Date.now() })));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
