/* corpus
{
  "source": [
    "https://nodejs.org/api/dns.html#class-dnsresolver"
  ],
  "says": "a resolver for each answer is kept in a list",
  "requests": 2000,
  "suspect": {
    "kinds": [
      "handles",
      "native"
    ],
    "named": "outside-dns-resolvers"
  }
}
*/
const http = require('node:http');
const dns = require('node:dns');
const resolvers = [];
function handle(_req, res) {
  const resolver = new dns.Resolver();
  resolver.setServers(['127.0.0.1']);
  resolvers.push(resolver);
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
