/* corpus
{
  "source": [
    "https://nodejs.org/api/crypto.html#class-keyobject"
  ],
  "says": "a public key is parsed for each token and kept under the token",
  "requests": 6000,
  "suspect": {
    "kinds": [
      "native"
    ],
    "named": "outside-keys"
  }
}
*/
const http = require('node:http');
const { createPublicKey, generateKeyPairSync } = require('node:crypto');
const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
  type: 'spki',
  format: 'pem',
});
const keys = new Map();
let id = 0;
function handle(_req, res) {
  keys.set(`token-${++id}`, createPublicKey(pem));
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
