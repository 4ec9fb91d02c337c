/* corpus
{
  "source": [
    "https://nodejs.org/api/vm.html#vmcreatecontextcontextobject-options"
  ],
  "says": "a context is created for every tenth answer and kept with its result",
  "requests": 1000,
  "suspect": {
    "kinds": [
      "contexts",
      "container",
      "objects"
    ],
    "named": "outside-vm-contexts|results"
  }
}
*/
const http = require('node:http');
const vm = require('node:vm');
const results = [];
let n = 0;
function handle(_req, res) {
  n += 1;
  if (n % 10 === 0) results.push(vm.runInContext('({ answer: 42 })', vm.createContext({})));
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
