/* corpus
{
  "source": ["https://github.com/nfl/react-helmet#server-usage", "https://github.com/gaearon/react-side-effect/issues/39"],
  "says": "on a server every mounted instance is kept until somebody calls renderStatic()",
  "dependencies": { "react": "16.14.0", "react-dom": "16.14.0", "react-helmet": "5.2.1", "express": "4.21.2" },
  "requests": 4000,
  "suspect": { "kinds": ["container"], "named": "mountedInstances" }
}
*/
const express = require('express');
const { createElement: h } = require('react');
const { renderToString } = require('react-dom/server');
const { Helmet } = require('react-helmet');
const { randomUUID } = require('node:crypto');

Helmet.canUseDOM = false;
const Page = ({ name }) =>
  h('main', null, h(Helmet, null, h('title', null, `Hello, ${name}`)), h('h1', null, `Hello, ${name}`));

const app = express();
app.get('/', (_request, response) => {
  response.send(`<!doctype html><div id="root">${renderToString(h(Page, { name: randomUUID() }))}</div>`);
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
