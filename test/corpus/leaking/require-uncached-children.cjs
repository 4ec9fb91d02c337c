/* corpus
{
  "source": ["https://github.com/sindresorhus/import-fresh/issues/2", "https://github.com/nodejs/node/issues/8443"],
  "says": "a module that is loaded afresh is taken out of the cache but not out of its parent's children; mended in 1.0.3",
  "dependencies": { "require-uncached": "1.0.2" },
  "requests": 2000,
  "suspect": { "kinds": ["container", "objects"], "named": "children|Module" }
}
*/
const { writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { join } = require('node:path');
const requireUncached = require('require-uncached');

const settings = join(__dirname, 'settings.cjs');
writeFileSync(
  settings,
  'module.exports = { flags: ["new-checkout", "dark-mode"], limits: { items: 20 } };\n',
);

// Settings that may change on disk at any time.
const server = createServer((_request, response) => response.end(JSON.stringify(requireUncached(settings))));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
