/* corpus
{
  "source": [
    "https://nodejs.org/api/crypto.html#class-cipheriv"
  ],
  "says": "a cipher is created for each message and kept without final()",
  "requests": 6000,
  "suspect": {
    "kinds": [
      "native"
    ],
    "named": "outside-ciphers"
  }
}
*/
const http = require('node:http');
const { createCipheriv, randomBytes } = require('node:crypto');
const key = randomBytes(32);
const kept = [];
function handle(_req, res) {
  const cipher = createCipheriv('aes-256-gcm', key, randomBytes(12));
  cipher.update('hello');
  kept.push(cipher);
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
