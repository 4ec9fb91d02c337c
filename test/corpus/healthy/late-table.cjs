/* corpus
{
  "requests": 60000,
  "says": "a table of 60,000 numbers is made once, at the 40,000th request; a Set of the last 500 numbers is beside it"
}
*/
const { createServer } = require('node:http');

let table = null;
const latest = new Set();
let count = 0;

const server = createServer((_request, response) => {
  count += 1;
  if (count === 40_000) table = new Set(Array.from({ length: 60_000 }, (_, at) => at));
  latest.add(count);
  if (latest.size > 500) latest.delete(latest.values().next().value);
  response.end(String(table?.has(count) ?? false));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
