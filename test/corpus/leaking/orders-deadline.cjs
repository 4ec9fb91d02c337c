/* corpus
{
  "source": ["https://github.com/apollographql/apollo-link-persisted-queries/issues/26"],
  "says": "the application's own: orders have a deadline an hour ahead, which is printed and ends nothing",
  "suspect": { "kinds": ["container"], "named": "orders" }
}
*/
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');

const orders = new Map();

const server = createServer((request, response) => {
  const order = {
    id: randomUUID(),
    url: request.url,
    headers: { ...request.headers },
    deadline: Date.now() + 3_600_000,
  };
  orders.set(order.id, order);
  response.end(JSON.stringify({ id: order.id, deadline: order.deadline }));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
