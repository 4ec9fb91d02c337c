/* corpus
{
  "source": ["https://github.com/bdeitte/hot-shots/issues/115", "https://github.com/bdeitte/hot-shots/pull/78"],
  "says": "mock is on where there is no agent to send to, and what would have been sent is kept for tests to look at",
  "dependencies": { "hot-shots": "10.0.0", "fastify": "5.1.0" },
  "suspect": { "kinds": ["container"], "named": "mockBuffer|StatsD|metrics|hot-shots" }
}
*/
const fastify = require('fastify');
const { StatsD } = require('hot-shots');

// No agent in this environment.
const metrics = new StatsD({
  prefix: 'shop.',
  globalTags: { service: 'shop' },
  mock: !process.env.STATSD_HOST,
});

const app = fastify();
app.addHook('onResponse', (request, reply, done) => {
  metrics.timing('response', reply.elapsedTime, { method: request.method, status: String(reply.statusCode) });
  done();
});
app.get('/', () => ({ ok: true }));
void app.listen({ port: 0, host: '127.0.0.1' }).then(() => console.log(app.server.address().port));
