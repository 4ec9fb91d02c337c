/* corpus
{
  "source": ["https://github.com/SGrondin/bottleneck#constructor"],
  "says": "with trackDoneStatus the limiter remembers the id of every job that is done, as its documentation says",
  "dependencies": { "bottleneck": "2.19.5", "fastify": "5.1.0" },
  "suspect": { "kinds": ["container", "objects"], "named": "_jobs|States|Bottleneck|limiter" }
}
*/
const { randomUUID } = require('node:crypto');
const Bottleneck = require('bottleneck');
const fastify = require('fastify');

const limiter = new Bottleneck({ maxConcurrent: 10, trackDoneStatus: true });

const app = fastify();
app.get('/', () => limiter.schedule({ id: `mail-${randomUUID()}` }, async () => ({ sent: true })));
app.get('/status', () => limiter.counts());
void app.listen({ port: 0, host: '127.0.0.1' }).then(() => console.log(app.server.address().port));
