/* corpus
{
  "says": "one WebAssembly memory that grows to its maximum",
  "requests": 4000
}
*/
const http = require('node:http');
const memory = new WebAssembly.Memory({ initial: 1, maximum: 300 });
let n = 0;
function handle(_req, res) {
  n += 1;
  if (n % 5 === 0 && memory.buffer.byteLength < 300 * 65536) {
    memory.grow(1);
    new Uint8Array(memory.buffer).fill(1, memory.buffer.byteLength - 65536);
  }
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
