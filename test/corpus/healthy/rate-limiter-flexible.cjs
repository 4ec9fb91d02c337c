/* corpus
{
  "says": "a record for each client, and a timer for each record that removes it after twenty seconds, when the run is over",
  "dependencies": { "rate-limiter-flexible": "5.0.5", "koa": "2.15.3" },
  "filling": true
}
*/
const { randomInt } = require('node:crypto');
const Koa = require('koa');
const { RateLimiterMemory } = require('rate-limiter-flexible');

const limiter = new RateLimiterMemory({ points: 10, duration: 20 });
const app = new Koa();
app.use(async (context) => {
  await limiter.consume(`10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`);
  context.body = 'ok';
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
