/** Questions by number, to be settled when the answer comes: it never does. */
class Client {
  pending = new Map();
  ask(id) {
    return new Promise((resolve, reject) => this.pending.set(id, { resolve, reject }));
  }
}
const client = new Client();
let next = 0;

export function request() {
  void client.ask(`ask-${next++}`);
}
