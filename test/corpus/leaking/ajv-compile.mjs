/* corpus
{
  "source": ["https://github.com/ajv-validator/ajv/issues/1413", "https://github.com/ajv-validator/ajv/issues/2557"],
  "says": "since version 7 the cache's key is the schema object itself, so an equal schema made anew is compiled and kept anew",
  "dependencies": { "ajv": "8.17.1", "fastify": "5.1.0" },
  "requests": 2000,
  "suspect": { "kinds": ["container"], "named": "ajv|_cache|scope|schema" }
}
*/
import Ajv from 'ajv';
import Fastify from 'fastify';

const ajv = new Ajv();
const app = Fastify();
app.get('/', () => {
  const validate = ajv.compile({
    type: 'object',
    properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 0 } },
    required: ['name'],
  });
  return { valid: validate({ name: 'Ada', age: 36 }) };
});
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
