import { createInterface } from 'node:readline/promises';
import type { About } from '../command/help.js';
import { INSTALLED } from '../command/installed.js';
import { readOptions, text } from '../command/options.js';
import { INTERRUPTED } from '../command/run.js';
import { consolesIn, usualDirectory, type Address } from '../kit/console/addresses.js';
import { ConsoleClient } from '../kit/console/client.js';
import { Problem } from '../kit/problem.js';

export const consoleOptions = {
  eval: text({
    default: undefined,
    placeholder: 'CODE',
    short: 'e',
    why: 'evaluate this code as one script, print its value, and exit; lines that are piped in are evaluated one by one, as at the prompt, until the first error',
  }),
  socket: text({
    default: undefined,
    placeholder: 'PATH',
    why: 'the socket of the service, if several run or it is in another directory',
  }),
  consoleDirectory: text({
    default: undefined,
    placeholder: 'DIR',
    example: 'sockets',
    variable: true,
    why: 'the directory with the sockets of services (default: one directory per user)',
  }),
};

export const about: About = {
  usage: 'npm run console --',
  purpose: 'Opens the console inside a running service: a REPL with verbs that inspect its memory.',
  options: consoleOptions,
  examples: ['npm run console', `npm run console -- -e 'containers()'`, 'npm run console < lines.txt'],
  exits: {
    0: 'the console was closed, or the code was evaluated',
    1: 'the code, or a line of standard input, threw',
    2: 'no service to attach to',
    130: 'interrupted',
  },
};

export async function work(argv: string[]): Promise<number> {
  const { eval: given, socket, consoleDirectory } = readOptions(consoleOptions, argv, process.env);
  const { stdin, stdout, stderr } = process;
  const path = socket ?? (await choose(consoleDirectory ?? usualDirectory())).path;
  const client = await ConsoleClient.connect(path);
  const screen = { output: stdout, error: stderr };
  if (given === undefined && stdin.isTTY) {
    process.on('SIGTERM', () => client.close());
    return client.open(stdin, screen, stdout.isTTY && !process.env['NO_COLOR']);
  }
  process.on('SIGINT', () => client.interrupt()).on('SIGTERM', () => process.exit(INTERRUPTED));
  stdout.once('error', () => process.exit(INTERRUPTED)); // a pipe that was closed, such as `| head`
  return given === undefined ? client.pipe(stdin, screen) : client.run(given, screen);
}

/** The one service that runs; if several run, the one that the user picks. */
async function choose(directory: string): Promise<Address> {
  const found = await consolesIn(directory);
  const [only] = found;
  if (only && found.length === 1) return only;
  if (found.length === 0) {
    throw new Problem(
      'LEAK_LAB_CONSOLE',
      `no service has a console in ${directory}: start one${INSTALLED ? '' : ' (npm run start:leaky)'}, or pass --socket`,
    );
  }
  const list = found.map(({ name, pid, path }, at) => `  ${at + 1}  ${name}, process ${pid}  ${path}`);
  const { stdin, stderr } = process;
  if (!stdin.isTTY) {
    throw new Problem(
      'LEAK_LAB_CONSOLE',
      `several services run: pass the --socket of one\n${list.join('\n')}\n`,
    );
  }
  const prompt = createInterface({ input: stdin, output: stderr });
  try {
    const answer = Number(await prompt.question(`Several services run:\n${list.join('\n')}\nWhich? `));
    const picked = found[answer - 1];
    if (!picked)
      throw new Problem('LEAK_LAB_CONSOLE', `the answer must be a number from 1 to ${found.length}`);
    return picked;
  } finally {
    prompt.close();
  }
}
