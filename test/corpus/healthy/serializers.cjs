/* corpus
{
  "says": "a serializer is generated for each of four hundred and fifty kinds of entity, as code, when the first of its kind is answered; a plugin watches the event loop",
  "dependencies": { "fast-json-stringify": "6.0.1", "@fastify/under-pressure": "9.0.3", "fastify": "5.1.0" }
}
*/
const underPressure = require('@fastify/under-pressure');
const fastJson = require('fast-json-stringify');
const fastify = require('fastify');

const KINDS = 450;
const serializers = new Array(KINDS);
function serializerOf(kind) {
  serializers[kind] ??= fastJson({
    title: `Kind ${kind}`,
    type: 'object',
    properties: {
      id: { type: 'integer' },
      [`name${kind}`]: { type: 'string' },
      parts: {
        type: 'array',
        items: {
          type: 'object',
          properties: { [`part${kind}`]: { type: 'integer' }, made: { type: 'string', format: 'date-time' } },
        },
      },
    },
    required: ['id'],
  });
  return serializers[kind];
}

const app = fastify();
app.register(underPressure, { maxEventLoopDelay: 5_000, sampleInterval: 500 });
app.get('/', (_request, reply) => {
  const kind = Math.floor(Math.random() * KINDS);
  const parts = Array.from({ length: 5 }, (_, at) => ({ [`part${kind}`]: at, made: new Date() }));
  reply.type('application/json').send(serializerOf(kind)({ id: kind, [`name${kind}`]: 'x', parts }));
});
void app.listen({ port: 0, host: '127.0.0.1' }).then(() => console.log(app.server.address().port));
