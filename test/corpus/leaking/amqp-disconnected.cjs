/* corpus
{
  "source": ["https://github.com/jwalton/node-amqp-connection-manager/issues/61", "https://github.com/jwalton/node-amqp-connection-manager/issues/127"],
  "says": "what is published while the broker is away waits in memory, without a limit",
  "dependencies": { "amqp-connection-manager": "4.1.14", "amqplib": "0.10.4", "express": "4.21.2" },
  "requests": 6000,
  "suspect": { "kinds": ["container", "promises"], "named": "_messages|ChannelWrapper|channel|amqp" }
}
*/
const { randomUUID } = require('node:crypto');
const { connect } = require('amqp-connection-manager');
const express = require('express');

// Nobody listens on port 1.
const connection = connect(['amqp://127.0.0.1:1']);
connection.on('connectFailed', () => {});
const channel = connection.createChannel({
  json: true,
  setup: (channel) => channel.assertExchange('orders', 'topic'),
});

const app = express();
app.get('/', (_request, response) => {
  const order = { id: randomUUID(), placedAt: Date.now() };
  channel.publish('orders', 'order.placed', order).catch(() => {});
  response.json(order);
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
