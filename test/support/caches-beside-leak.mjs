// A leak beside a cache with a maximum, sessions with a time to live, a ring and timers; it writes snapshots of itself.
// node caches-beside-leak.mjs [--forget] FILE ENTRIES [FILE ENTRIES …]
import { Session } from 'node:inspector';
import { writeHeapSnapshot } from 'node:v8';

class PriceView {
  constructor(at) {
    this.lines = Array.from({ length: 20 }, (_, line) => ({ sku: `sku-${at}-${line}`, cents: line + 0.5 }));
  }
  total() {
    return this.lines.reduce((sum, { cents }) => sum + cents, 0);
  }
}

/** The leak: each watcher retains its view, through a function. */
class Watchers {
  #byId = new Map();
  add(id, view) {
    this.#byId.set(id, { id, notify: () => view.total() });
  }
}

class Pages {
  max = 1_200;
  rendered = new Map();
  add(id) {
    this.rendered.set(id, { id, html: Array.from({ length: 40 }, (_, at) => `${id} ${at}`) });
    if (this.rendered.size > this.max) this.rendered.delete(this.rendered.keys().next().value);
  }
}

class Sessions {
  ttlMs = 12_000;
  now = 0;
  byToken = new Map();
  add(id) {
    this.now += 10;
    this.byToken.set(id, {
      expiresAt: this.now + this.ttlMs,
      cart: Array.from({ length: 30 }, () => ({ id })),
    });
    for (const [token, { expiresAt }] of this.byToken) {
      if (expiresAt > this.now) break;
      this.byToken.delete(token);
    }
  }
}

class Ring {
  next = 0;
  slots = Array.from({ length: 1_000 });
  add(id) {
    this.slots[this.next++ % this.slots.length] = { id, lines: Array.from({ length: 30 }, () => ({ id })) };
  }
}

const watchers = new Watchers();
const bounded = [new Pages(), new Sessions(), new Ring()];
let next = 0;

function request() {
  const id = `id-${next++}`;
  watchers.add(id, new PriceView(next));
  for (const one of bounded) one.add(id);
  setTimeout(() => console.log(id), 3_600_000);
}

/** V8 forgets the ids of its objects when the last inspector session ends that had asked for them. */
function forgetIds() {
  const session = new Session();
  session.connect();
  for (const method of ['enable', 'startTrackingHeapObjects', 'stopTrackingHeapObjects'])
    session.post(`HeapProfiler.${method}`);
  session.disconnect();
}

const [first, ...others] = process.argv.slice(2);
const files = first === '--forget' ? others : [first, ...others];
for (let at = 0; at < files.length; at += 2) {
  if (first === '--forget') forgetIds();
  for (let entry = 0; entry < Number(files[at + 1]); entry++) request();
  writeHeapSnapshot(files[at]);
}
process.exit(0);
