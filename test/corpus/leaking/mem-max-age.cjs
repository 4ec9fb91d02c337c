/* corpus
{
  "source": ["https://github.com/sindresorhus/memoize/issues/14", "https://github.com/advisories/GHSA-4xcv-9jjx-gfj3"],
  "says": "results past their maxAge stay in the cache for good; mended in 4.0.0",
  "dependencies": { "mem": "3.0.1", "koa": "2.15.3" },
  "suspect": { "kinds": ["container"], "named": "cache|\\bmem\\b|quote" }
}
*/
const { randomUUID } = require('node:crypto');
const Koa = require('koa');
const mem = require('mem');

const quote = mem((customer) => ({ customer, price: 40 + customer.length }), { maxAge: 50 });

const app = new Koa();
app.use((context) => {
  context.body = quote(randomUUID());
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
