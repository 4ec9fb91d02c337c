import { Injectable } from '@nestjs/common';
import { findOrder, isOneIn, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * WebAssembly memory per request
 *
 * Met: a library that was compiled to WebAssembly (a parser, a codec, SQLite) is instantiated for each document, and the
 * document, or a function that the instance exports, is stored. Each instance has a memory of its own, which cannot
 * shrink.
 * Case: emscripten-core/emscripten#11276, where requests were answered until no further memory could be allocated.
 * Shows: virtual memory by 8 to 10 GB per instance, of which only what is used is resident. `external` counts it on Node
 * 20 to 24, and not on Node 26. At some thousands of memories the address space is full, and the next one fails.
 * Fix: make one instance and use it again, or a fixed number of them; copy the result out and store that.
 * Cost: calls that use one instance wait for each other, and its memory stays as large as the largest document needed.
 */

const ONE_IN = 100;
const PAGES = 4;
/** Both halves have this bound on documents. */
const MAX_DOCUMENTS = 1_000;

/** TypeScript declares it for browsers alone. */
declare const WebAssembly: { Memory: new (size: { initial: number }) => WasmMemory };
interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

@Injectable()
export class LeakyWasmMemory extends Specimen {
  private readonly documents: Uint8Array[] = [];
  private next = 0;

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    if (!isOneIn(ONE_IN, order)) return order;
    const document = parse(order, new WebAssembly.Memory({ initial: PAGES }));
    this.documents[this.next] = document; // ← the bug: the document is a view of the whole memory, and retains it
    this.next = (this.next + 1) % MAX_DOCUMENTS;
    return order;
  }
}

@Injectable()
export class FixedWasmMemory extends Specimen {
  private readonly memory = new WebAssembly.Memory({ initial: PAGES });
  private readonly documents: Uint8Array[] = [];
  private next = 0;

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    if (!isOneIn(ONE_IN, order)) return order;
    const document = parse(order, this.memory);
    this.documents[this.next] = Uint8Array.from(document);
    this.next = (this.next + 1) % MAX_DOCUMENTS;
    return order;
  }
}

/** Stands for a parser that was compiled to WebAssembly: its result is in its memory. */
function parse({ note }: Order, memory: WasmMemory): Uint8Array {
  const bytes = new Uint8Array(memory.buffer, 0, note.length);
  Buffer.from(note).copy(bytes);
  return bytes;
}

export const wasmMemory: Pair = { leaky: LeakyWasmMemory, fixed: FixedWasmMemory };
