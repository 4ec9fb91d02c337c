// A service that never closes its sessions, cut down to its leak. It writes two heap snapshots of itself.
// node docs/examples/sessions.mjs BEFORE AFTER
import { writeHeapSnapshot } from 'node:v8';

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
}

export const store = new SessionStore();
const [before, after] = process.argv.slice(2);

setImmediate(() => {
  for (let n = 0; n < 2_000; n++) store.open(`session-${n}`);
  writeHeapSnapshot(before);
  for (let n = 2_000; n < 12_000; n++) store.open(`session-${n}`);
  writeHeapSnapshot(after);
});
