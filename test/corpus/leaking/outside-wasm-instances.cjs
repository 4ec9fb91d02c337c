/* corpus
{
  "source": [
    "https://nodejs.org/api/globals.html#webassembly"
  ],
  "says": "a module is instantiated for every tenth answer, and its exports are kept",
  "requests": 2000,
  "suspect": {
    "kinds": [
      "webassembly"
    ],
    "named": "outside-wasm-instances"
  }
}
*/
const http = require('node:http');
// (module (memory (export "m") 1) (func (export "f") (result i32) i32.const 42))
const bytes = Buffer.from(
  '0061736d010000000105016000017f030201000503010001070902016d02000166000' + '00a0601040041' + '2a0b',
  'hex',
);
const module_ = new WebAssembly.Module(bytes);
const kept = [];
let n = 0;
function handle(_req, res) {
  n += 1;
  if (n % 10 === 0) kept.push(new WebAssembly.Instance(module_).exports);
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
