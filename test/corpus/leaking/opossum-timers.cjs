/* corpus
{
  "source": ["https://github.com/nodeshift/opossum/issues/245", "https://nodeshift.dev/opossum/#circuitbreakershutdown"],
  "says": "a circuit's rolling window is an interval that ends with shutdown() alone, so a circuit for each request is a timer for each request",
  "dependencies": { "opossum": "5.1.3", "fastify": "5.1.0" },
  "requests": 2000,
  "suspect": { "kinds": ["timers", "closures", "listeners"], "named": "Timeout|timer|interval|Status|circuit|opossum" }
}
*/
const fastify = require('fastify');
const CircuitBreaker = require('opossum');

const app = fastify();
app.get('/', () => {
  const breaker = new CircuitBreaker(async () => ({ shipped: true }), {
    timeout: 1_000,
    rollingCountBuckets: 2,
    rollingPercentilesEnabled: false,
  });
  return breaker.fire();
});
void app.listen({ port: 0, host: '127.0.0.1' }).then(() => console.log(app.server.address().port));
