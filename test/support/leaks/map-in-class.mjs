/** A store of sessions that are never closed. */
class SessionStore {
  sessions = new Map();
  open(id) {
    this.sessions.set(id, { id, openedAt: Date.now(), cart: [id] });
  }
}
const store = new SessionStore();
let next = 0;

export function request() {
  store.open(`session-${next++}`);
}
