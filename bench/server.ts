import { createApp } from '../src/app.js';
import { readSettings } from '../src/settings.js';
import { fastifyApp } from './fastify-app.js';

/** One of the two servers of the route's bench, in a process of its own. It tells what CPU time it took so far. */
const [kind] = process.argv.slice(2);
const settings = readSettings(['fixed']);

async function start(): Promise<string> {
  if (kind === 'fastify') return fastifyApp(settings).listen({ port: 0, host: '127.0.0.1' });
  const app = await createApp(settings);
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send!({ cpuMicroseconds: user + system });
});
process.on('disconnect', () => process.exit());
process.send!({ url: await start() });
