// The service of sessions.mjs with a recording of its allocations: it writes a heap snapshot that has call stacks.
// node docs/examples/tracked.mjs FILE
import { createWriteStream } from 'node:fs';
import { Session as Inspector } from 'node:inspector/promises';
import { finished } from 'node:stream/promises';

class Session {
  constructor(id) {
    this.id = id;
    this.cart = [`${id} bought nothing`];
  }
}

class SessionStore {
  sessions = new Map();

  open(id) {
    this.sessions.set(id, new Session(id));
  }

  look(id) {
    return new Session(id).cart.length;
  }
}

export const store = new SessionStore();

const inspector = new Inspector();
inspector.connect();
await inspector.post('HeapProfiler.startTrackingHeapObjects', { trackAllocations: true });

for (let n = 0; n < 3_000; n++) store.open(`session-${n}`);
for (let n = 0; n < 2_000; n++) store.look(`session-${n}`);

const file = createWriteStream(process.argv[2]);
inspector.on('HeapProfiler.addHeapSnapshotChunk', ({ params }) => file.write(params.chunk));
await inspector.post('HeapProfiler.takeHeapSnapshot');
await finished(file.end());
process.exit(); // an inspector that tracks allocations keeps the process alive
