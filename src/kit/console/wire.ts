import type { Socket } from 'node:net';

/** How the two ends of a console talk: one JSON object a line. */
export interface FromClient {
  /** The first word: whoever only looks whether somebody listens says nothing. */
  hello?: true;
  /** What is wanted, once the way to interrupt is open: a terminal, or the answer to one piece of code. */
  start?: { terminal: Size; colours: boolean } | { code: string };
  /** What was typed, as the terminal sends it. */
  keys?: string;
  size?: Size;
}

export interface FromService {
  /** `interrupts` is the socket that hears Ctrl-C while the service is busy; `client` is what to say there first. */
  welcome?: { client: number; interrupts: string };
  print?: string;
  /** Said beside the answer: a price, an error. */
  note?: string;
  /** The exit code: there is nothing to follow. */
  end?: number;
}

export interface Size {
  columns: number;
  rows: number;
}

/** A pasted file fits; what goes on for longer without a line end is no client of ours. */
const LONGEST_LINE = 16 * 2 ** 20;

export function send(socket: Socket, message: FromClient | FromService): boolean {
  return socket.writable && socket.write(`${JSON.stringify(message)}\n`);
}

/** Hands over each message that comes. What is not one ends the connection. */
export function receive(socket: Socket, take: (message: FromClient & FromService) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const message = parse(line);
      if (message) take(message);
      else socket.destroy();
    }
    if (rest.length > LONGEST_LINE) socket.destroy();
  });
  // A peer that vanished closes the connection, and that is all there is to it.
  socket.on('error', () => {});
}

function parse(line: string): (FromClient & FromService) | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === 'object' && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}
