/* corpus
{
  "source": ["https://nodejs.org/api/buffer.html#bufsubarraystart-end"],
  "says": "the application's own: the first bytes of each upload are kept, and as a view they keep all of it",
  "dependencies": { "express": "4.21.2" },
  "requests": 6000,
  "suspect": { "kinds": ["buffers", "container"], "named": "signatures" }
}
*/
const { randomFillSync } = require('node:crypto');
const express = require('express');

const signatures = [];

/** What a multipart parser would hand over. */
function receive() {
  return randomFillSync(Buffer.alloc(6 * 1024), 0, 64);
}

const app = express();
app.get('/', (_request, response) => {
  const upload = receive();
  const signature = upload.subarray(0, 8);
  const isPng = signature.equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  if (!isPng) signatures.push(signature); // to see what people send us
  response.json({ isPng, bytes: upload.length });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
