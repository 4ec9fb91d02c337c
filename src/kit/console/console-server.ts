import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { Problem } from '../problem.js';
import { addressOf, interruptsOf, prepareDirectory, sweep, type Address } from './addresses.js';
import { ClientSession, type ConsoleHost } from './client-session.js';
import { Interrupts } from './interrupts.js';
import { StrayErrors } from './stray-errors.js';
import { receive, send, type FromClient } from './wire.js';

/** The most clients at the same time. Each has a context of its own, of about a megabyte. */
const MOST_CLIENTS = 16;

/** Listens for clients, and gives each a session. */
export class ConsoleServer {
  private readonly clients = new Map<number, ClientSession>();
  private readonly sockets = new Set<Socket>();
  private lastClient = 0;
  private readonly removeSockets = (): void => {
    // Synchronous: the process is exiting.
    for (const path of [this.address.path, interruptsOf(this.address)]) rmSync(path, { force: true });
  };

  private constructor(
    readonly address: Address,
    private readonly server: Server,
    private readonly host: ConsoleHost,
  ) {
    server.on('connection', (socket) => this.accept(socket.unref()));
    server.unref(); // an open console must not keep the process running
    process.once('exit', this.removeSockets);
  }

  /**
   * Opens the sockets of the console.
   *
   * @throws Problem LEAK_LAB_CONSOLE when its directory cannot be used, or its socket cannot be opened
   */
  static async open(options: Pick<ConsoleHost, 'name' | 'directory' | 'scope'>): Promise<ConsoleServer> {
    const { directory, name } = options;
    const address = addressOf(directory, name, process.pid);
    await prepareDirectory(directory, address.path);
    await sweep(directory);
    await rm(address.path, { force: true });
    const server = createServer();
    try {
      server.listen(address.path);
      await once(server, 'listening');
    } catch (cause) {
      throw new Problem(
        'LEAK_LAB_CONSOLE',
        `cannot listen on ${address.path}: ${String(cause)}. Choose another directory (--console-directory, or the option directory of ConsoleModule).`,
        { cause },
      );
    }
    if (process.platform !== 'win32') await chmod(address.path, 0o600);
    const interrupts = new Interrupts(interruptsOf(address), (client) => opened.interrupt(client));
    const opened: ConsoleServer = new ConsoleServer(address, server, {
      ...options,
      interrupts,
      strayErrors: new StrayErrors(),
    });
    return opened;
  }

  async close(): Promise<void> {
    process.off('exit', this.removeSockets);
    this.server.close();
    for (const client of this.clients.values()) client.close();
    for (const socket of this.sockets) socket.destroy();
    this.host.strayErrors.close();
    await this.host.interrupts.close();
  }

  /** The global objects of all clients. Their variables belong to the clients, not to the console. */
  contexts(): object[] {
    return [...this.clients.values()].flatMap((client) => client.context ?? []);
  }

  private interrupt(client: number): void {
    this.clients.get(client)?.interrupt();
  }

  private accept(socket: Socket): void {
    const number = ++this.lastClient;
    const { interrupts } = this.host;
    this.sockets.add(socket);
    socket.once('close', () => {
      this.sockets.delete(socket);
      this.clients.get(number)?.close();
      if (this.clients.delete(number) && this.clients.size === 0) void interrupts.rest();
    });
    receive(socket, (message: FromClient) => {
      const client = this.clients.get(number);
      if (message.hello && !client) this.welcome(socket, number).catch(() => socket.destroy());
      else if (message.start) client?.start(message.start);
      else client?.receive(message);
    });
  }

  private async welcome(socket: Socket, number: number): Promise<void> {
    if (this.clients.size >= MOST_CLIENTS) {
      send(socket, {
        note: `leak-lab: ${MOST_CLIENTS} consoles are open, which is the most. Close one of them.`,
      });
      send(socket, { end: 2 });
      socket.end();
      return;
    }
    this.clients.set(number, new ClientSession(number, socket, this.host));
    await this.host.interrupts.listen();
    send(socket, { welcome: { client: number, interrupts: interruptsOf(this.address) } });
  }
}
