/* corpus
{
  "says": "a memoized function over two thousand routes: it fills more and more slowly, and then no more",
  "dependencies": { "lodash": "4.17.21", "path-to-regexp": "6.3.0", "koa": "2.15.3" }
}
*/
const Koa = require('koa');
const memoize = require('lodash/memoize');
const { match } = require('path-to-regexp');

const matcher = memoize((pattern) => match(pattern));
const app = new Koa();
app.use((context) => {
  const route = Math.floor(Math.random() * 2_000);
  context.body = matcher(`/tenants/${route}/users/:id`)(`/tenants/${route}/users/7`).params;
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
