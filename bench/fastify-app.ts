import { fastify, type FastifyInstance } from 'fastify';
import { FixedUserCache } from '../src/service/user-cache.fixed.js';
import { UserDirectory } from '../src/service/user-directory.js';
import { toUserId, userSchema } from '../src/service/user.js';
import { UsersService } from '../src/service/users.service.js';
import type { Settings } from '../src/settings.js';

/** The baseline for Nest: the same route, schema, cache and directory on Fastify alone. */
export function fastifyApp({ maxEntries, maxBytes, directoryLatencyMs }: Settings): FastifyInstance {
  const users = new UsersService(
    new FixedUserCache({ maxEntries, maxBytes }),
    new UserDirectory({ latencyMs: directoryLatencyMs }),
  );
  const app = fastify({ routerOptions: { ignoreTrailingSlash: true, maxParamLength: 16 * 1024 } });
  const schema = { response: { 200: userSchema } };
  app.get('/users/random', { schema }, async () => users.findRandom());
  app.get<{ Params: { id: string } }>('/users/:id', { schema }, async (request) =>
    users.find(toUserId(request.params.id)),
  );
  return app;
}
