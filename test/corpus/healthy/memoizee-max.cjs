/* corpus
{
  "says": "a memoized function with a bound that only closures know",
  "dependencies": { "memoizee": "0.4.17", "express": "4.21.2" },
  "filling": true
}
*/
const { randomInt } = require('node:crypto');
const express = require('express');
const memoizee = require('memoizee');

const quote = memoizee((customer) => ({ customer, price: customer % 97, terms: `terms of ${customer}` }), {
  max: 40_000,
});
const app = express();
app.get('/', (_request, response) => response.json(quote(randomInt(2 ** 40))));
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
