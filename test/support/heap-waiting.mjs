// Functions that wait, with containers of known size in their hands. Writes a heap snapshot of itself to the path given.
import { writeHeapSnapshot } from 'node:v8';

/** What will wake them. It does not say whose variables it holds. */
const wake = [];
const wait = () => new Promise((resolve) => wake.push(resolve));

async function collect() {
  const results = [];
  for (let at = 0; at < 1_100; at += 1) results.push({ at });
  await wait();
  return results;
}

class Worker {
  done = [];

  async run() {
    for (let at = 0; at < 1_200; at += 1) this.done.push({ at });
    await wait();
  }
}

async function share() {
  const own = [];
  const add = (at) => own.push({ at });
  for (let at = 0; at < 1_300; at += 1) add(at);
  await wait();
  return add;
}

function* numbers() {
  const seen = [];
  for (let at = 0; at < 1_400; at += 1) seen.push({ at });
  yield seen.length;
  return seen;
}

/** What a function that waits borrows is still its owner's. */
const lent = [];
async function borrow() {
  const mine = lent;
  for (let at = 0; at < 1_500; at += 1) mine.push({ at });
  await wait();
  return mine;
}

for (const begin of [collect, () => new Worker().run(), share, borrow]) void begin();
const counting = numbers();
counting.next();

setImmediate(() => {
  writeHeapSnapshot(process.argv[2]);
  counting.next();
  for (const resolve of wake) resolve();
});
