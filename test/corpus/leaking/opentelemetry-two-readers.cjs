/* corpus
{
  "source": ["https://github.com/open-telemetry/opentelemetry-js/issues/4115", "https://github.com/open-telemetry/opentelemetry-js/pull/4163"],
  "says": "two metric readers: what one of them has not reported stays in a map for the other, and comes at each export",
  "dependencies": { "@opentelemetry/api": "1.6.0", "@opentelemetry/sdk-metrics": "1.17.0" },
  "suspect": { "kinds": ["container", "objects"], "named": "unreportedAccumulations" }
}
*/
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');
const {
  MeterProvider,
  PeriodicExportingMetricReader,
  AggregationTemporality,
} = require('@opentelemetry/sdk-metrics');

class NullExporter {
  export(_metrics, done) {
    done({ code: 0 });
  }
  selectAggregationTemporality() {
    return AggregationTemporality.DELTA;
  }
  async forceFlush() {}
  async shutdown() {}
}
const provider = new MeterProvider();
for (const exportIntervalMillis of [5_000, 5_000])
  provider.addMetricReader(
    new PeriodicExportingMetricReader({
      exporter: new NullExporter(),
      exportIntervalMillis,
      exportTimeoutMillis: 1_000,
    }),
  );
const counter = provider.getMeter('corpus').createCounter('requests');

const server = createServer((request, response) => {
  const id = randomUUID();
  counter.add(1, { route: request.url, id });
  response.end(id);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
