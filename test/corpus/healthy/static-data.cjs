/* corpus
{
  "says": "a hundred megabytes of reference data, loaded at start, and an index of it that is made by the first who asks",
  "dependencies": { "fastify": "5.1.0" }
}
*/
const fastify = require('fastify');

const places = Array.from({ length: 400_000 }, (_, at) => ({
  code: `P${at}`,
  name: `Place number ${at}`,
  position: { latitude: (at % 180) - 90, longitude: (at % 360) - 180 },
}));
let byCode;
const app = fastify();
app.get('/', () => {
  byCode ??= new Map(places.map((place) => [place.code, place]));
  return byCode.get(`P${Math.floor(Math.random() * places.length)}`);
});
void app.listen({ port: 0, host: '127.0.0.1' }).then(() => console.log(app.server.address().port));
