/* corpus
{
  "source": [
    "https://nodejs.org/api/intl.html"
  ],
  "says": "a formatter is stored for each request, by a key that never repeats",
  "requests": 2000,
  "suspect": {
    "kinds": [
      "native"
    ],
    "named": "outside-intl-formatters"
  }
}
*/
const http = require('node:http');
const formatters = {};
let id = 0;
function handle(_req, res) {
  const format = new Intl.DateTimeFormat('de', { dateStyle: 'full', timeZone: 'Europe/Berlin' });
  formatters[`user-${++id}`] = format;
  res.end(format.format(0));
}
const server = http.createServer(handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
