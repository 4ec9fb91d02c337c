/* corpus
{
  "source": ["https://github.com/janl/mustache.js/issues/818", "https://github.com/janl/mustache.js/issues/748"],
  "says": "every template ever rendered stays in a cache whose key is the template's text",
  "dependencies": { "mustache": "4.2.0", "express": "4.21.2" },
  "suspect": { "kinds": ["container", "objects"], "named": "templateCache|_cache|cache" }
}
*/
const { randomUUID } = require('node:crypto');
const express = require('express');
const mustache = require('mustache');

const app = express();
app.get('/', (_request, response) => {
  const form = `<form id="${randomUUID()}"><label>{{label}}</label><input name="{{name}}"></form>`;
  response.send(mustache.render(form, { label: 'Mail', name: 'mail' }));
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
