/* corpus
{
  "says": "a stadium of thirty thousand seats as an array with holes: each is filled in when somebody first looks at it",
  "dependencies": { "express": "4.21.2" },
  "filling": true
}
*/
const express = require('express');

const SEATS = 30_000;
const seats = [];
function seatAt(number) {
  seats[number] ??= {
    number,
    block: `block ${number >> 9}`,
    row: number % 40,
    viewedBy: 0,
    price: { amount: 42, currency: 'EUR' },
  };
  return seats[number];
}

const app = express();
app.get('/', (_request, response) => {
  const seat = seatAt(Math.floor(Math.random() * SEATS));
  seat.viewedBy += 1;
  response.json(seat);
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
