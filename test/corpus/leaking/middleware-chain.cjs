/* corpus
{
  "source": ["https://developer.mozilla.org/docs/Web/JavaScript/Guide/Closures"],
  "says": "the application's own: each request wraps the pipeline once more",
  "suspect": { "kinds": ["closures"], "named": "› pipeline \\(a chain of" }
}
*/
let pipeline = (value) => value;
let requests = 0;

function wrap(inner, at) {
  const seen = [at];
  return (value) => {
    seen.push(value);
    return inner(value);
  };
}

function handle() {
  requests += 1;
  pipeline = wrap(pipeline, requests);
}

const server = require('node:http').createServer((_request, response) => {
  handle();
  response.end('ok');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
