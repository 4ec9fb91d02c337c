/* corpus
{
  "source": ["https://github.com/inversify/InversifyJS/issues/1810"],
  "says": "each child container subscribes to its parent's plan cache and never unsubscribes; mended after 7.5.1",
  "dependencies": { "inversify": "7.5.1", "reflect-metadata": "0.2.2", "fastify": "5.1.0" },
  "suspect": { "kinds": ["container", "listeners"], "named": "subscribers|PlanResultCache|Container|\\broot\\b" }
}
*/
import 'reflect-metadata';
import Fastify from 'fastify';
import { Container } from 'inversify';

const root = new Container();
root.bind('greeting').toConstantValue('Hello');

const app = Fastify();
app.get('/', (request) => {
  const scope = new Container({ parent: root });
  scope.bind('requestId').toConstantValue(request.id);
  return { text: `${scope.get('greeting')}, ${scope.get('requestId')}` };
});
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
