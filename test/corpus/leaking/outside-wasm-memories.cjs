/* corpus
{
  "source": [
    "https://nodejs.org/api/globals.html#webassembly"
  ],
  "says": "a WebAssembly memory for every tenth answer is kept",
  "requests": 2000,
  "suspect": {
    "kinds": [
      "webassembly"
    ],
    "named": "outside-wasm-memories"
  }
}
*/
const http = require('node:http');
const kept = [];
let n = 0;
function handle(_req, res) {
  n += 1;
  if (n % 10 === 0) {
    const memory = new WebAssembly.Memory({ initial: 2 });
    new Uint8Array(memory.buffer).fill(1);
    kept.push(memory);
  }
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
