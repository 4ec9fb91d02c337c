/* corpus
{
  "says": "the application's own: what came in the last twenty seconds is in a Map, and each request removes what is older from its head",
  "filling": true
}
*/
const { createServer } = require('node:http');

const WINDOW = 20_000;

class Seen {
  constructor() {
    this.byId = new Map();
  }
  note(id) {
    const now = Date.now();
    for (const [known, { at }] of this.byId) {
      if (now - at < WINDOW) break;
      this.byId.delete(known);
    }
    this.byId.set(id, { at: now, address: `10.0.0.${id % 255}`, agent: `agent/${id}` });
  }
}

const seen = new Seen();
let requests = 0;
const server = createServer((request, response) => {
  seen.note((requests += 1));
  response.end('ok');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
