// A service with two leaks: a cart of each request in a Map, and a listener of each request on an emitter. The listener
// retains its cart as well, so that the Map alone takes no more than its table, which grows in steps. What the arguments
// name is mended: carts, listeners.
import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';

const mended = new Set(process.argv.slice(2));
const carts = new Map();
const prices = new EventEmitter().setMaxListeners(0);

createServer((request, response) => {
  const id = request.url;
  const cart = { id, items: [], total: 0, note: `cart of ${id}` };
  if (!mended.has('carts')) carts.set(id, cart);
  const onPrice = (price) => {
    cart.total = price;
  };
  prices.on('price', onPrice);
  if (mended.has('listeners')) prices.off('price', onPrice);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ id, total: id.length }));
}).listen(Number(process.env.PORT), '127.0.0.1');
