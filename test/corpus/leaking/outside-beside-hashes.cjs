/* corpus
{
  "source": ["https://nodejs.org/api/dns.html#class-dnsresolver", "https://nodejs.org/api/crypto.html#class-hash"],
  "says": "each request keeps a resolver; it also makes a hash, which is collected, and one entry of a log that is cut",
  "suspect": { "kinds": ["native", "handles", "container"], "named": "outside-beside-hashes\\.cjs:2[0-9]|resolvers" }
}
*/
const { createHash } = require('node:crypto');
const dns = require('node:dns');
const { createServer } = require('node:http');

const resolvers = [];
let lines = [];

const server = createServer((request, response) => {
  const etag = createHash('sha1').update(request.url).digest('hex');
  lines.push(etag);
  if (lines.length > 2_000) lines = [];

  const resolver = new dns.Resolver({ timeout: 1_000 });
  resolvers.push(resolver);
  response.setHeader('etag', `"${etag}"`);
  response.end(`${resolvers.length}`);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
