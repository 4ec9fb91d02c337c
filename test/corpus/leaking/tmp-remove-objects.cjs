/* corpus
{
  "source": ["https://github.com/raszi/node-tmp/issues/48", "https://github.com/raszi/node-tmp/pull/70"],
  "says": "the list of what to remove at exit looks for the wrong function when a file is removed before, and so keeps both; mended in 0.0.29",
  "dependencies": { "tmp": "0.0.28" },
  "requests": 6000,
  "suspect": { "kinds": ["container", "closures"], "named": "_removeObjects|\\btmp\\b|_cleanupCallback" }
}
*/
const { createServer } = require('node:http');
const { write } = require('node:fs');
const tmp = require('tmp');

// A report is written to a file that somebody else would read; here it is removed at once.
const server = createServer((_request, response) => {
  tmp.file({ prefix: 'report-' }, (error, _path, descriptor, remove) => {
    if (error) return response.writeHead(500).end();
    write(descriptor, 'total;42\n', () => {
      remove();
      response.end('written');
    });
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
