/* corpus
{
  "source": ["https://github.com/apostrophecms/apostrophe/pull/3468", "https://github.com/mozilla/nunjucks/issues/320"],
  "says": "each environment listens to its loaders, and here one is made for each request with the loader of the process",
  "dependencies": { "nunjucks": "3.2.4", "express": "4.21.2" },
  "requests": 4000,
  "suspect": { "kinds": ["listeners", "container", "closures", "objects"], "named": "templates|\\bupdate\\b" }
}
*/
const express = require('express');
const nunjucks = require('nunjucks');

const pages = { 'hello.html': '<h1>{{ greeting | shout }}</h1>' };
const Templates = nunjucks.Loader.extend({
  getSource: (name) => ({ src: pages[name], path: name, noCache: false }),
});
const templates = new Templates();
templates.setMaxListeners(0); // it warned

const app = express();
app.get('/', (request, response) => {
  const environment = new nunjucks.Environment(templates, { autoescape: true });
  environment.addFilter('shout', (text) => `${text.toUpperCase()}, ${request.ip}`);
  response.send(environment.render('hello.html', { greeting: 'hello' }));
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
