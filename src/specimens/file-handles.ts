import { type FileHandle, open } from 'node:fs/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { findOrder, isOneIn, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * File that is opened and not closed
 *
 * Met: a file is opened, its first bytes are read, and the function returns or throws before the line that closes it.
 * Streams do the same: `pipe` does not destroy the stream of a file when the client goes away.
 * Case: nodejs/node#1834, where each aborted download left its file open.
 * Shows: the number of open files, until it reaches the limit of the process and every `open` and every connection
 * fails with EMFILE. No memory grows that anybody would notice.
 * Fix: close the file in a `finally`, and connect streams with `pipeline`, which destroys all of them when one fails.
 * Cost: none.
 */

const ONE_IN = 50;
/** Any file that is always there. */
const TEMPLATE = process.execPath;

@Injectable()
export class LeakyFileHandles extends Specimen implements OnModuleDestroy {
  private readonly files = new Set<FileHandle>();

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    if (!isOneIn(ONE_IN, order)) return order;
    const file = await open(TEMPLATE);
    this.files.add(file); // ← the bug: the file is closed only when the service stops
    await file.read({ buffer: Buffer.alloc(64) });
    return order;
  }

  async onModuleDestroy(): Promise<void> {
    for (const file of this.files) await file.close();
  }
}

@Injectable()
export class FixedFileHandles extends Specimen implements OnModuleDestroy {
  private readonly files = new Set<FileHandle>();

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    if (!isOneIn(ONE_IN, order)) return order;
    const file = await open(TEMPLATE);
    this.files.add(file);
    try {
      await file.read({ buffer: Buffer.alloc(64) });
      return order;
    } finally {
      this.files.delete(file);
      await file.close();
    }
  }

  async onModuleDestroy(): Promise<void> {
    for (const file of this.files) await file.close();
  }
}

export const fileHandles: Pair = { leaky: LeakyFileHandles, fixed: FixedFileHandles };
