/* corpus
{
  "says": "modules are required when they are first needed, validators and templates compiled when first used, and V8 optimises: much is gained early, nothing later",
  "dependencies": { "lodash": "4.17.21", "ajv": "8.17.1", "handlebars": "4.7.8", "express": "4.21.2" }
}
*/
const { readdirSync } = require('node:fs');
const { join } = require('node:path');
const express = require('express');
const Ajv = require('ajv');
const handlebars = require('handlebars');

const lodash = readdirSync(join(__dirname, 'node_modules/lodash')).filter((file) =>
  /^[a-z]\w+\.js$/.test(file),
);
const ajv = new Ajv();
const validators = new Map();
const templates = new Map();
let asked = 0;

const app = express();
app.get('/', (_request, response) => {
  const route = asked++ % 300;
  require(`lodash/${lodash[asked % lodash.length]}`);
  if (!validators.has(route)) {
    validators.set(
      route,
      ajv.compile({ type: 'object', properties: { [`field${route}`]: { type: 'string' } } }),
    );
    templates.set(route, handlebars.compile(`<h1>{{title}} ${route}</h1>`));
  }
  const valid = validators.get(route)({ [`field${route}`]: 'x' });
  response.send(templates.get(route)({ title: `Route ${valid}` }));
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
