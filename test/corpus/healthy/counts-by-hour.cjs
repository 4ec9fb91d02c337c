/* corpus
{
  "requests": 60000,
  "says": "a Map of at most 20,000 numbers, whose table doubles as it fills, and then forgets the oldest",
  "filling": true
}
*/
const { createServer } = require('node:http');

const MOST = 20_000;
const counts = new Map();
let count = 0;

const server = createServer((_request, response) => {
  count += 1;
  counts.set(count, count % 10);
  if (counts.size > MOST) counts.delete(counts.keys().next().value);
  response.end(String(counts.size));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
