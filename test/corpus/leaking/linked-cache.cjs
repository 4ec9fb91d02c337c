/* corpus
{
  "source": ["https://github.com/isaacs/node-lru-cache"],
  "says": "the application's own: a cache with a Map and a list of the same entries, and no bound",
  "suspect": { "kinds": ["container"], "named": "Cache.entries \\(Map" }
}
*/
class Cache {
  entries = new Map();
  newest = null;
  set(key, value) {
    const entry = { key, value, newer: null, older: this.newest };
    if (this.newest) this.newest.newer = entry;
    this.newest = entry;
    this.entries.set(key, entry);
  }
}

const cache = new Cache();
let requests = 0;
function handle() {
  requests += 1;
  cache.set(`key ${requests}`, { requests, rows: Array.from({ length: 10 }, (_, at) => requests + at / 10) });
}

const server = require('node:http').createServer((_request, response) => {
  handle();
  response.end('ok');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
