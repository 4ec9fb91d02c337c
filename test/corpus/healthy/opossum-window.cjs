/* corpus
{
  "says": "a circuit breaker for each of forty upstreams, which keeps the latency of every call of the last ten seconds",
  "dependencies": { "opossum": "9.0.0", "express": "4.21.2" },
  "filling": true
}
*/
const { setTimeout: sleep } = require('node:timers/promises');
const express = require('express');
const CircuitBreaker = require('opossum');

const breakers = new Map();
function breakerOf(upstream) {
  if (!breakers.has(upstream)) {
    const breaker = new CircuitBreaker(
      async () => {
        await sleep(Math.random() * 3);
        if (Math.random() < 0.02) throw new Error(`${upstream} is down`);
        return { upstream };
      },
      {
        timeout: 1_000,
        errorThresholdPercentage: 80,
        volumeThreshold: 10,
        resetTimeout: 2_000,
        rollingCountTimeout: 10_000,
      },
    );
    breaker.fallback(() => ({ upstream, stale: true }));
    breakers.set(upstream, breaker);
  }
  return breakers.get(upstream);
}

const app = express();
app.get('/', async (_request, response) => {
  const upstream = `upstream-${Math.floor(Math.random() * 40)}`;
  response.json(await breakerOf(upstream).fire());
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
