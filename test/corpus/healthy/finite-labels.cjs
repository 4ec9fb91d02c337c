/* corpus
{
  "says": "metrics with labels: twelve hundred series of a histogram that come up one after another, and an HDR histogram that widens",
  "dependencies": { "prom-client": "15.1.3", "hdr-histogram-js": "3.0.0", "express": "4.21.2" }
}
*/
const express = require('express');
const hdr = require('hdr-histogram-js');
const client = require('prom-client');

client.collectDefaultMetrics();
const duration = new client.Histogram({
  name: 'http_request_duration_seconds',
  help: 'by route, tenant and status',
  labelNames: ['route', 'tenant', 'status'],
});
const latency = hdr.build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: 3 });
const some = (count) => Math.floor(Math.random() * count);

const app = express();
app.get('/', (_request, response) => {
  const done = duration.startTimer({
    route: `/r${some(20)}`,
    tenant: `t${some(20)}`,
    status: [200, 304, 404][some(3)],
  });
  latency.recordValue(Math.floor(Math.exp(Math.random() * 18)));
  response.json({ p99: latency.getValueAtPercentile(99) });
  done();
});
app.get('/metrics', async (_request, response) =>
  response.type(client.register.contentType).send(await client.register.metrics()),
);
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
