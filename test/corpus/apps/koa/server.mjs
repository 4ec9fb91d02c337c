import Koa from 'koa';
import { slowRequests } from './src/slow-requests.mjs';

const app = new Koa();
app.use(slowRequests.middleware());
app.use(async (context) => {
  context.body = { path: context.path, text: 'an item'.repeat(10) };
});
app.listen(Number(process.env.PORT), '127.0.0.1');
