/* corpus
{
  "source": ["https://developer.mozilla.org/docs/Web/JavaScript/Reference/Global_Objects/Map"],
  "requests": 60000,
  "says": "a Map from number to number takes an entry at every other request",
  "suspect": { "kinds": ["container"], "named": "scores" }
}
*/
const { createServer } = require('node:http');

const scores = new Map();
let count = 0;

const server = createServer((_request, response) => {
  count += 1;
  if (count % 2 === 0) scores.set(count, count % 100);
  response.end(String(scores.get(count - 1) ?? 0));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
