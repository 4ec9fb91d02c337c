/* corpus
{
  "source": ["https://github.com/vitaly-t/pg-promise/issues/175", "https://github.com/tobinbradley/dirt-simple-postgis-http-api/issues/14"],
  "says": "a database object for each request: the library keeps all of them, with their pools, until pgp.end()",
  "dependencies": { "pg-promise": "11.10.2", "fastify": "5.1.0" },
  "requests": 4000,
  "suspect": { "kinds": ["container", "objects", "closures"], "named": "\\bdbs\\b|DatabasePool|\\bDatabase\\b|pg-promise" }
}
*/
const fastify = require('fastify');
const pgp = require('pg-promise')({ noWarnings: true });

const app = fastify();
app.get('/', (request) => {
  const db = pgp({
    host: '127.0.0.1',
    port: 1,
    database: 'shop',
    user: request.headers['x-tenant'] ?? 'public',
  });
  // It would ask the database, were there one.
  return { sql: pgp.as.format('select * from orders where id = $1', [7]), max: db.$pool.options.max };
});
void app.listen({ port: 0, host: '127.0.0.1' }).then(() => console.log(app.server.address().port));
