import type { Socket } from 'node:net';

/** Messages of a client to the service. Both directions send one JSON object per line. */
export interface FromClient {
  /** The first message. A connection that only checks whether a console listens sends nothing. */
  hello?: true;
  /** Sent once the connection for interrupts is open: asks for a terminal, for the value of some code, or to be asked for lines. */
  start?: { terminal: Size; colours: boolean } | { code: string } | { piped: true };
  /** One line of the standard input, without its end. */
  line?: string;
  /** The standard input has ended. */
  ended?: true;
  /** What was typed, as the terminal sends it. */
  keys?: string;
  size?: Size;
}

/** Messages of the service to a client. */
export interface FromService {
  /** `interrupts` is the path of the socket for interrupts; the client sends its number, `client`, there first. */
  welcome?: { client: number; interrupts: string };
  print?: string;
  /** Asks for the next line: the last one is evaluated. */
  next?: true;
  /** Shown beside the answer: a cost or an error. */
  note?: string;
  /** The last message: the exit code. */
  end?: number;
}

export interface Size {
  columns: number;
  rows: number;
}

/** Enough for a pasted file. A longer line does not come from our client. */
const LONGEST_LINE = 16 * 2 ** 20;

export function send(socket: Socket, message: FromClient | FromService): boolean {
  return socket.writable && socket.write(`${JSON.stringify(message)}\n`);
}

/** Calls `take` with each message. Anything else ends the connection. */
export function receive(socket: Socket, take: (message: FromClient & FromService) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = parse(line);
      if (message) take(message);
      else socket.destroy();
    }
    if (rest.length > LONGEST_LINE) socket.destroy();
  });
  // The socket closes after an error, and its owner handles that.
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
