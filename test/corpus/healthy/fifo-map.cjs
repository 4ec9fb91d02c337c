/* corpus
{
  "says": "addresses that were looked up are remembered in a plain Map: at thirty thousand the oldest goes, and only the code says so",
  "dependencies": { "express": "4.21.2" },
  "filling": true
}
*/
const { randomBytes } = require('node:crypto');
const express = require('express');

const KEEP = 30_000;
const places = new Map();

function locate(address) {
  const known = places.get(address);
  if (known) return known;
  const place = {
    address,
    city: `city ${address.length}`,
    geo: { latitude: 52.1, longitude: 4.3 },
    seen: Date.now(),
  };
  places.set(address, place);
  if (places.size > KEEP) places.delete(places.keys().next().value);
  return place;
}

const app = express();
app.get('/', (_request, response) => response.json(locate([...randomBytes(4)].join('.'))));
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
