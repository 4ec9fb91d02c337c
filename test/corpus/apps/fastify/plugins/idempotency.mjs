import plugin from 'fastify-plugin';

async function idempotency(app) {
  const replies = new Map();
  app.addHook('onRequest', async (request, reply) => {
    const known = replies.get(request.url);
    if (known) return reply.send(known);
  });
  app.addHook('onSend', async (request, _reply, payload) => {
    //leak replies.set(request.url, payload);
    return payload;
  });
}

export default plugin(idempotency);
