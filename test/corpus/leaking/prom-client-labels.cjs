/* corpus
{
  "source": ["https://prometheus.io/docs/practices/naming/#labels", "https://github.com/prometheus/client_js/issues/142"],
  "says": "a label that takes the raw path makes a time series for each path, for good",
  "dependencies": { "prom-client": "15.1.3", "fastify": "5.1.0" },
  "suspect": { "kinds": ["container", "objects"], "named": "Counter|hashMap|requests" }
}
*/
const { randomUUID } = require('node:crypto');
const fastify = require('fastify');
const { Counter } = require('prom-client');

const requests = new Counter({ name: 'requests_total', help: 'Requests', labelNames: ['method', 'path'] });
const app = fastify();
app.get('/', (request) => {
  requests.inc({ method: request.method, path: `/orders/${randomUUID()}` });
  return { ok: true };
});
void app.listen({ port: 0, host: '127.0.0.1' }).then(() => console.log(app.server.address().port));
