/* corpus
{
  "source": ["https://github.com/near/near-contract-helper/issues/434"],
  "says": "the middleware from the docs without its scope of the request: each request adds an event processor to the global scope",
  "dependencies": { "@sentry/node": "7.119.2", "koa": "2.15.3" },
  "suspect": { "kinds": ["container", "closures"], "named": "_?eventProcessors|\\bScope\\b|sentry" }
}
*/
const Sentry = require('@sentry/node');
const Koa = require('koa');

Sentry.init({ dsn: undefined, release: 'shop@1.4.0' });

const app = new Koa();
app.use(async (context, next) => {
  Sentry.configureScope((scope) => {
    scope.addEventProcessor((event) => Sentry.addRequestDataToEvent(event, context.request));
  });
  await next();
});
app.use((context) => {
  context.body = { ok: true };
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
