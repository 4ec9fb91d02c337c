/* corpus
{
  "says": "a ReplaySubject for late subscribers, batches of a second, and subscriptions for each request that are torn down",
  "dependencies": { "rxjs": "7.8.2", "fastify": "5.1.0" }
}
*/
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import {
  bufferTime,
  filter,
  firstValueFrom,
  map,
  merge,
  ReplaySubject,
  Subject,
  take,
  takeUntil,
  timer,
} from 'rxjs';

const orders = new Subject();
const recent = new ReplaySubject(800);
const stop = new Subject();
let written = 0;
orders.pipe(takeUntil(stop)).subscribe(recent);
orders.pipe(bufferTime(1_000, null, 500), takeUntil(stop)).subscribe((batch) => (written += batch.length));

const app = Fastify();
app.get('/', async () => {
  const id = randomUUID();
  const seen = [];
  const watching = recent.pipe(take(20)).subscribe((order) => seen.push(order.id));
  const confirmed = firstValueFrom(
    merge(orders.pipe(filter((order) => order.id === id)), timer(5_000)).pipe(
      take(1),
      takeUntil(stop),
      map((order) => order.id),
    ),
  );
  setImmediate(() => orders.next({ id, lines: [{ sku: id.slice(0, 4), quantity: 2 }], at: new Date() }));
  await confirmed;
  watching.unsubscribe();
  return { id, seen: seen.length, written };
});
await app.listen({ port: 0, host: '127.0.0.1' });
console.log(app.server.address().port);
