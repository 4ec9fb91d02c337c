import Fastify from 'fastify';
import idempotency from './plugins/idempotency.mjs';

const app = Fastify();
await app.register(idempotency);
app.get('/items/:id', async (request) => ({ id: request.params.id, text: 'an item'.repeat(10) }));
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
