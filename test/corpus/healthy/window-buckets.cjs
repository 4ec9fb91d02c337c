/* corpus
{
  "says": "the application's own: calls by key in ten buckets of two seconds, each replaced when its turn comes again"
}
*/
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');

const BUCKET_MS = 2_000;
const buckets = Array.from({ length: 10 }, () => ({ since: 0, calls: new Map() }));

function hit(key) {
  const since = Math.floor(Date.now() / BUCKET_MS);
  const bucket = buckets[since % buckets.length];
  if (bucket.since !== since) {
    bucket.since = since;
    bucket.calls = new Map();
  }
  bucket.calls.set(key, (bucket.calls.get(key) ?? 0) + 1);
}

const server = createServer((_request, response) => {
  hit(randomUUID());
  response.end('ok');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
