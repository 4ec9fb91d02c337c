/* corpus
{
  "says": "rendered pages are kept for an hour, at most eighteen thousand of them, in a cache that is an object of linked entries",
  "dependencies": { "tiny-lru": "11.2.5", "koa": "2.15.3" },
  "filling": true
}
*/
const { randomInt } = require('node:crypto');
const Koa = require('koa');
const { lru } = require('tiny-lru');

const pages = lru(18_000, 3_600_000);
const render = (article) =>
  `<article id="${article}">${Array.from({ length: 12 }, (_, at) => `<p>${article} ${at}</p>`).join('')}</article>`;

const app = new Koa();
app.use((context) => {
  const article = `a-${randomInt(5_000_000)}`;
  let page = pages.get(article);
  if (page === undefined) {
    page = render(article);
    pages.set(article, page);
  }
  context.body = page;
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
