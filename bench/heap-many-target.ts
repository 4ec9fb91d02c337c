// A program that writes a heap snapshot of itself: many of each thing that a question asks for, so that no question has
// an easy time. Arguments: how many of each, and where to write the snapshot.
import { EventEmitter } from 'node:events';
import { writeHeapSnapshot } from 'node:v8';

class Ticket {
  next: Ticket | null = null;
  constructor(
    readonly number: number,
    readonly text: string,
  ) {}
}

const [given, file] = process.argv.slice(2);
const count = Number(given);
const bus = new EventEmitter();
bus.setMaxListeners(0);
const target = new EventTarget();
const never = new Promise<void>(() => {});
const rooms = {
  index: {} as Record<string, Ticket>,
  list: [] as Ticket[],
  byTicket: new WeakMap<Ticket, { seen: number }>(),
  seen: new Set<string>(),
  buffers: [] as Buffer[],
  first: null as Ticket | null,
  signals: [] as AbortController[],
  slices: [] as string[],
};
const document = Buffer.alloc(1 << 20, 'some text of a document. ').toString('latin1');
async function waitFor(ticket: Ticket): Promise<number> {
  await never;
  return ticket.number;
}
for (let at = 0; at < count; at++) {
  const ticket = new Ticket(at, `ticket ${at % 1000}`);
  ticket.next = rooms.first;
  rooms.first = ticket;
  rooms.index[`ticket-${at}`] = ticket;
  rooms.list.push(ticket);
  rooms.byTicket.set(ticket, { seen: at });
  rooms.seen.add(`seen-${at}`);
  if (at % 8 === 0) rooms.buffers.push(Buffer.allocUnsafeSlow(64));
  rooms.slices.push(document.slice(at % 1000, (at % 1000) + 20));
  bus.on(`event-${at % 5}`, () => ticket.number);
  if (at % 8 === 0) target.addEventListener('change', () => ticket.number);
  setTimeout(() => ticket.number, 1_000_000 + (at % 7)).unref();
  void waitFor(ticket);
}
Object.assign(globalThis, { rooms, bus, target });
writeHeapSnapshot(file);
process.exit();
