/* corpus
{
  "source": ["https://nodejs.org/api/async_context.html#asynclocalstoragedisable"],
  "says": "the application's own: an AsyncLocalStorage of its own for each request, which Node keeps in a list until disable() is called",
  "requests": 1500,
  "suspect": { "kinds": ["container", "objects", "closures"], "named": "AsyncLocalStorage|storageList|kResourceStore|tracing" }
}
*/
const { AsyncLocalStorage } = require('node:async_hooks');
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');

function tracing(handler) {
  return (request, response) => {
    const storage = new AsyncLocalStorage();
    storage.run({ traceId: randomUUID() }, () => handler(request, response, () => storage.getStore()));
  };
}

const server = createServer(
  tracing((_request, response, current) => {
    setImmediate(() => response.end(current().traceId));
  }),
);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
