/* corpus
{
  "source": [
    "https://nodejs.org/api/perf_hooks.html#perf_hookscreatehistogramoptions"
  ],
  "says": "a histogram of event loop delay is enabled for each request and never disabled",
  "requests": 3000,
  "suspect": {
    "kinds": [
      "native"
    ],
    "named": "outside-histograms"
  }
}
*/
const http = require('node:http');
const { createHistogram } = require('node:perf_hooks');
const kept = [];
let n = 0;
function handle(_req, res) {
  n += 1;
  if (n % 4 === 0) kept.push(createHistogram());
  res.end('ok');
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
