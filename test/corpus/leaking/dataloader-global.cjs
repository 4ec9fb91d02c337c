/* corpus
{
  "source": ["https://github.com/graphql/dataloader#caching-per-request"],
  "says": "a loader memoizes for as long as it lives, so one for the whole process is a cache without a bound",
  "dependencies": { "dataloader": "2.2.2", "fastify": "5.1.0" },
  "suspect": { "kinds": ["container", "promises"], "named": "_cacheMap|DataLoader|users" }
}
*/
const { randomInt } = require('node:crypto');
const DataLoader = require('dataloader');
const fastify = require('fastify');

const users = new DataLoader(async (ids) => ids.map((id) => ({ id, name: `user ${id}` })));
const app = fastify();
app.get('/', () => users.load(randomInt(2 ** 40)));
void app.listen({ port: 0, host: '127.0.0.1' }).then(() => console.log(app.server.address().port));
