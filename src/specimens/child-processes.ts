import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { findOrder, isOneIn, type Order } from './order.js';
import { type Pair, Specimen } from './specimen.js';

/*
 * Child process that waits for input
 *
 * Met: a converter, a browser or a git process is started for a request and answers before it ends. It waits for more
 * input, or for a command to quit, and the path that would end it (an error, a timeout, an early answer) does not.
 * Case: puppeteer/puppeteer#1825, where processes of Chrome stayed after their work was done.
 * Shows: nothing in the memory of the service but a few pipes. The children count, and their memory is charged to the
 * same container, which is killed.
 * Fix: end the input or kill the child in a `finally`, and wait for its exit. A `timeout` or a `signal` of `spawn`
 * ends those that hang.
 * Cost: none. A limit on how many run at once is needed as well, because each costs megabytes.
 */

const ONE_IN = 100;

@Injectable()
export class LeakyChildProcesses extends Specimen implements OnModuleDestroy {
  private readonly running = new Set<ChildProcess>();

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    if (!isOneIn(ONE_IN, order)) return order;
    const converter = spawn('cat');
    this.running.add(converter); // ← the bug: the converter waits for more input, and is ended only when the service stops
    converter.stdin.write(order.note);
    await once(converter.stdout, 'data');
    return order;
  }

  onModuleDestroy(): void {
    for (const converter of this.running) converter.kill();
  }
}

@Injectable()
export class FixedChildProcesses extends Specimen implements OnModuleDestroy {
  private readonly running = new Set<ChildProcess>();

  async handle(id: string): Promise<Order> {
    const order = await findOrder(id);
    if (!isOneIn(ONE_IN, order)) return order;
    const converter = spawn('cat');
    this.running.add(converter);
    const exit = once(converter, 'exit');
    try {
      converter.stdin.write(order.note);
      await once(converter.stdout, 'data');
      return order;
    } finally {
      converter.kill();
      await exit;
      this.running.delete(converter);
    }
  }

  onModuleDestroy(): void {
    for (const converter of this.running) converter.kill();
  }
}

export const childProcesses: Pair = { leaky: LeakyChildProcesses, fixed: FixedChildProcesses };
