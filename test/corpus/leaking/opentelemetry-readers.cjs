/* corpus
{
  "source": ["https://github.com/open-telemetry/opentelemetry-js/issues/4115", "https://github.com/open-telemetry/opentelemetry-js/pull/4163"],
  "says": "with two readers, what one of them collects is kept for the other, which never fetches it; mended in 1.17.1",
  "dependencies": { "@opentelemetry/api": "1.6.0", "@opentelemetry/sdk-metrics": "1.17.0", "express": "4.21.2" },
  "requests": 4000,
  "suspect": { "kinds": ["container", "objects"], "named": "unreportedAccumulations|TemporalMetricProcessor" }
}
*/
const { MeterProvider, MetricReader } = require('@opentelemetry/sdk-metrics');
const express = require('express');

class PullReader extends MetricReader {
  async onForceFlush() {}
  async onShutdown() {}
}
const [scraped, spare] = [new PullReader(), new PullReader()];
const provider = new MeterProvider();
provider.addMetricReader(scraped);
provider.addMetricReader(spare);
const counter = provider.getMeter('shop').createCounter('orders');

const app = express();
app.get('/', async (_request, response) => {
  counter.add(1, { shop: 'north' });
  const { resourceMetrics } = await scraped.collect();
  response.json({ scopes: resourceMetrics.scopeMetrics.length });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
