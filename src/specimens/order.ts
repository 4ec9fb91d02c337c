import { hash } from 'node:crypto';

/** What most specimens work on, and what a leaky one keeps: about 300 bytes with its texts. */
export class Order {
  constructor(
    readonly id: string,
    readonly cents: number,
    readonly note: string,
  ) {}
}

/** The pretend database: the same order for the same id. */
export async function findOrder(id: string): Promise<Order> {
  const note = hash('sha512', id);
  return new Order(id, Number.parseInt(note.slice(0, 6), 16), note);
}
