/* corpus
{
  "source": ["https://github.com/nodeshift/opossum/issues/363", "https://github.com/nodeshift/opossum/pull/365"],
  "says": "every circuit ever made is kept in a Set of the module; mended in 3.0.0",
  "dependencies": { "opossum": "2.3.0", "express": "4.21.2" },
  "requests": 3000,
  "suspect": { "kinds": ["container", "timers", "listeners"], "named": "circuit|opossum|Status" }
}
*/
const express = require('express');
const circuitBreaker = require('opossum');

const app = express();
app.get('/', async (_request, response) => {
  const breaker = circuitBreaker(async () => ({ shipped: true }), { timeout: 1_000, rollingCountBuckets: 2 });
  response.json(await breaker.fire());
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
