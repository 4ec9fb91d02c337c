/** Pending requests by id, to be settled by an answer that never comes. */
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
