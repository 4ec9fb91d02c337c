import Hapi from '@hapi/hapi';
import { audit } from './plugins/audit.mjs';

const server = Hapi.server({ port: Number(process.env.PORT), host: '127.0.0.1' });
await server.register(audit);
server.route({ method: 'GET', path: '/items/{id}', handler: (request) => ({ id: request.params.id }) });
await server.start();
