/* corpus
{
  "source": ["https://github.com/mobxjs/mobx-react/issues/140", "https://github.com/vercel/next.js/pull/1550"],
  "says": "on a server nobody unmounts an observer: without useStaticRendering() the store keeps the reaction of each that was rendered",
  "dependencies": { "react": "16.14.0", "react-dom": "16.14.0", "mobx": "5.15.7", "mobx-react": "5.4.4", "koa": "2.15.3" },
  "requests": 4000,
  "suspect": { "kinds": ["container", "objects", "closures"], "named": "observers|Observable|prices|Reaction|mobx" }
}
*/
const Koa = require('koa');
const { observable } = require('mobx');
const { observer } = require('mobx-react');
const { Component, createElement: h } = require('react');
const { renderToString } = require('react-dom/server');

const prices = observable({ tea: 3, coffee: 4 });

const Menu = observer(
  class Menu extends Component {
    render() {
      return h('ul', null, h('li', null, `Tea ${prices.tea}`), h('li', null, `Coffee ${prices.coffee}`));
    }
  },
);

const app = new Koa();
app.use((context) => {
  context.type = 'html';
  context.body = `<!doctype html><div id="root">${renderToString(h(Menu))}</div>`;
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
