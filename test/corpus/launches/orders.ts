import { createServer } from 'node:http';

interface Order {
  url: string;
  at: number;
  note: string;
}

class Trail {
  readonly #orders: Order[] = [];

  add(order: Order): void {
    this.#orders.push(order);
  }

  get size(): number {
    return this.#orders.length;
  }
}

const trail = new Trail();
let count = 0;
createServer((request, response) => {
  count += 1;
  //leak trail.add({ url: request.url ?? '', at: Date.now(), note: 'n'.repeat(60) + count });
  response.end(`ok ${trail.size > 0}`);
}).listen(Number(process.env['PORT']), '127.0.0.1');
