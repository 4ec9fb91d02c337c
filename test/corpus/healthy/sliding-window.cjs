/* corpus
{
  "says": "a rate limiter that logs the time and the path of each request for twelve seconds, for each of three hundred clients",
  "dependencies": { "koa": "2.15.3" },
  "filling": true
}
*/
const Koa = require('koa');

const WINDOW_MS = 12_000;
const clients = new Map();
function hit(client, path) {
  let log = clients.get(client);
  if (!log) clients.set(client, (log = []));
  const now = performance.now();
  let gone = 0;
  while (gone < log.length && log[gone].at < now - WINDOW_MS) gone += 1;
  if (gone > 0) log.splice(0, gone);
  log.push({ at: now, path: `${path}?t=${now}` });
  return log.length;
}
setInterval(() => {
  const oldest = performance.now() - WINDOW_MS;
  for (const [client, log] of clients) if (log.at(-1).at < oldest) clients.delete(client);
}, 5_000).unref();

const app = new Koa();
app.use((context) => {
  const used = hit(`client-${Math.floor(Math.random() * 300)}`, context.path);
  context.set('x-ratelimit-used', String(used));
  context.body = { ok: used < 1_000_000 };
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
