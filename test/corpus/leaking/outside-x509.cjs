/* corpus
{
  "source": [
    "https://nodejs.org/api/crypto.html#class-x509certificate"
  ],
  "says": "a parsed certificate is kept for each connection",
  "requests": 4000,
  "suspect": {
    "kinds": [
      "native"
    ],
    "named": "outside-x509"
  }
}
*/
const http = require('node:http');
const tls = require('node:tls');
const { X509Certificate } = require('node:crypto');
const pem = tls.rootCertificates[0];
const seen = [];
function handle(_req, res) {
  seen.push(new X509Certificate(pem));
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
