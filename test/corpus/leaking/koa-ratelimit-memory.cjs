/* corpus
{
  "source": ["https://github.com/koajs/ratelimit/blob/5.1.0/limiter/memory.js"],
  "says": "a record that has expired is replaced when the same client comes again and never removed",
  "dependencies": { "koa-ratelimit": "5.1.0", "koa": "2.15.3" },
  "suspect": { "kinds": ["container"], "named": "db|limits" }
}
*/
const { randomInt } = require('node:crypto');
const Koa = require('koa');
const ratelimit = require('koa-ratelimit');

const app = new Koa();
app.use(
  ratelimit({
    driver: 'memory',
    db: new Map(),
    duration: 50,
    max: 10,
    // Behind a proxy, each client has an address of its own.
    id: () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`,
  }),
);
app.use((context) => {
  context.body = 'ok';
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
