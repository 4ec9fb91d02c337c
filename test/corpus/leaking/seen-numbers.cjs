/* corpus
{
  "source": ["https://developer.mozilla.org/docs/Web/JavaScript/Reference/Global_Objects/Set"],
  "requests": 60000,
  "says": "the numbers of all requests are kept in a Set: nothing grows but its table, which doubles when it is full",
  "suspect": { "kinds": ["container"], "named": "seen" }
}
*/
const { createServer } = require('node:http');

const seen = new Set();
let count = 0;

const server = createServer((_request, response) => {
  count += 1;
  seen.add(count * 7);
  response.end(String(seen.size));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
