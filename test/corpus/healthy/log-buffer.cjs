/* corpus
{
  "says": "log lines are gathered and written four times a second, or when there are many",
  "dependencies": { "fastify": "5.1.0" }
}
*/
const { createWriteStream } = require('node:fs');
const { randomUUID } = require('node:crypto');
const fastify = require('fastify');

const out = createWriteStream('/dev/null');
let lines = [];
const flush = () => {
  out.write(lines.join('\n'));
  lines = [];
};
setInterval(flush, 250).unref();

const app = fastify();
app.get('/', (request) => {
  lines.push(JSON.stringify({ id: randomUUID(), url: request.url, headers: request.headers }));
  if (lines.length > 5_000) flush();
  return { ok: true };
});
void app.listen({ port: 0, host: '127.0.0.1' }).then(() => console.log(app.server.address().port));
