/* corpus
{
  "says": "reservations are valid for ninety seconds, and each new one drops those whose time is over",
  "filling": true
}
*/
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');

const reservations = new Map();
function dropExpired(now) {
  for (const [id, { validUntil }] of reservations) {
    if (validUntil > now) return;
    reservations.delete(id);
  }
}

const server = createServer((request, response) => {
  const now = Date.now();
  dropExpired(now);
  const id = randomUUID();
  reservations.set(id, { headers: { ...request.headers }, validUntil: now + 90_000 });
  response.end(id);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
