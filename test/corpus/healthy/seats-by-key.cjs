/* corpus
{
  "says": "an object that has one property for each of twenty-five thousand seats, which is added when somebody first looks at the seat",
  "filling": true
}
*/
const http = require('node:http');

const SEATS = 25_000;
const views = {};

const server = http.createServer((_request, response) => {
  const number = Math.floor(Math.random() * SEATS);
  const seat = (views[`seat ${number}`] ??= {
    number,
    row: number % 40,
    price: { amount: 42, currency: 'EUR' },
    viewed: 0,
  });
  seat.viewed += 1;
  response.end(JSON.stringify(seat));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
