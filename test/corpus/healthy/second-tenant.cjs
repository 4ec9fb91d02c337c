/* corpus
{
  "says": "half way a second tenant is met and their catalogue loaded: one step of some twenty megabytes, and nothing after it",
  "dependencies": { "express": "4.21.2" }
}
*/
const express = require('express');

const catalogues = new Map();
const load = (tenant) =>
  Array.from({ length: 100_000 }, (_, at) => ({
    sku: `${tenant}-${at}`,
    name: `Product ${at}`,
    price: at % 97,
  }));

let asked = 0;
const app = express();
app.get('/', (_request, response) => {
  const tenant = asked++ < 5_000 ? 'north' : 'south';
  if (!catalogues.has(tenant)) catalogues.set(tenant, load(tenant));
  response.json(catalogues.get(tenant)[asked % 100_000]);
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
