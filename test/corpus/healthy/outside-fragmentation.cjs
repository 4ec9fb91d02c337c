/* corpus
{
  "says": "large and small Buffers take turns; the small ones stay for a while, and memory is in pieces",
  "requests": 6000
}
*/
const http = require('node:http');
const kept = new Map();
let n = 0;
function handle(_req, res) {
  n += 1;
  const many = Array.from({ length: 20 }, () => Buffer.allocUnsafeSlow(20000 + (n % 7) * 4000).fill(1));
  kept.set(n % 300, Buffer.allocUnsafeSlow(9000).fill(2));
  res.end(String(many.length));
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
