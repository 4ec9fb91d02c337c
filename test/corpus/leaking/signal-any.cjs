/* corpus
{
  "source": ["https://github.com/nodejs/node/issues/55351", "https://github.com/nodejs/node/issues/64476"],
  "says": "the signal of each request is combined with that of the shutdown, and work listens to both",
  "suspect": { "kinds": ["listeners"], "named": "signal-any\\S*:\\d+ .*AbortSignals" }
}
*/
const { createServer } = require('node:http');

const shutdown = new AbortController();

function work(signal, done) {
  let isDone = false;
  signal.addEventListener('abort', () => {
    if (!isDone) done(new Error('aborted'));
  });
  setImmediate(() => {
    isDone = true;
    done(null);
  });
}

const server = createServer((_request, response) => {
  const request = new AbortController();
  work(AbortSignal.any([shutdown.signal, request.signal]), (error) => response.end(String(error ?? 'ok')));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
