/* corpus
{
  "source": ["https://github.com/nodejs/undici/issues/4424", "https://github.com/nodejs/undici/pull/4425"],
  "says": "a client for each origin stays in the agent's map when its connection is gone; mended in 7.15.0",
  "dependencies": { "undici": "7.14.0" },
  "requests": 2000,
  "suspect": { "kinds": ["container"], "named": "Agent|clients|dispatcher" }
}
*/
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Agent, request } from 'undici';

const hook = createServer((_request, response) => response.setHeader('connection', 'close').end('delivered'));
await new Promise((resolve) => hook.listen(0, '127.0.0.1', resolve));

// Each customer has a host of their own; all of them are here.
const agent = new Agent({
  connect: {
    lookup: (_host, options, callback) =>
      options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4),
  },
});
const server = createServer(async (_request, response) => {
  const origin = `http://${randomUUID()}.customers.test:${hook.address().port}`;
  const { body } = await request(`${origin}/hook`, { dispatcher: agent });
  response.end(await body.text());
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
