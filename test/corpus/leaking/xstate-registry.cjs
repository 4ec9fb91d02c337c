/* corpus
{
  "source": ["https://github.com/statelyai/xstate/issues/956", "https://github.com/statelyai/xstate/pull/957"],
  "says": "an interpreter stays in the registry of actors when it has been stopped; mended in 4.7.7",
  "dependencies": { "xstate": "4.7.6", "koa": "2.15.3" },
  "requests": 4000,
  "suspect": { "kinds": ["container", "objects", "closures"], "named": "registry|children|xstate|Interpreter|serviceMap" }
}
*/
const Koa = require('koa');
const { Machine, interpret } = require('xstate');

const checkout = Machine({
  id: 'checkout',
  initial: 'cart',
  states: {
    cart: { on: { PAY: 'paying' } },
    paying: { on: { PAID: 'done' } },
    done: { type: 'final' },
  },
});

const app = new Koa();
app.use((context) => {
  const service = interpret(checkout).start();
  service.send('PAY');
  service.send('PAID');
  context.body = { state: service.state.value };
  service.stop();
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
