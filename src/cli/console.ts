import { createInterface } from 'node:readline/promises';
import { text as textOf } from 'node:stream/consumers';
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
    why: 'evaluate this, print its value, and leave; without a terminal, what comes in is evaluated',
  }),
  socket: text({
    default: undefined,
    placeholder: 'PATH',
    why: 'the socket of a service, where several run or it is elsewhere',
  }),
  consoleDirectory: text({
    default: undefined,
    placeholder: 'DIR',
    variable: true,
    why: 'where to look for services (default: one directory for each user)',
  }),
};

export const about: About = {
  usage: 'npm run console --',
  purpose: 'Opens the console inside a running service: a REPL, with verbs that look into its memory.',
  options: consoleOptions,
  examples: ['npm run console', `npm run console -- -e 'containers()'`],
  exits: {
    0: 'left, or the code was evaluated',
    1: 'the code threw',
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
  return client.run(given ?? (await textOf(stdin)), screen);
}

/** The one service that runs; of several, the one that the person picks. */
async function choose(directory: string): Promise<Address> {
  const found = await consolesIn(directory);
  if (found.length === 1) return found[0]!;
  if (found.length === 0) {
    throw new Problem(
      'LEAK_LAB_CONSOLE',
      `no service has a console in ${directory}: start one${INSTALLED ? '' : ' (npm run start:leaky)'}, or give its --socket`,
    );
  }
  const list = found.map(({ name, pid, path }, at) => `  ${at + 1}  ${name}, process ${pid}  ${path}`);
  const { stdin, stderr } = process;
  if (!stdin.isTTY) {
    throw new Problem(
      'LEAK_LAB_CONSOLE',
      `several services run: give the --socket of one\n${list.join('\n')}\n`,
    );
  }
  const asking = createInterface({ input: stdin, output: stderr });
  try {
    const answer = Number(await asking.question(`Several services run:\n${list.join('\n')}\nWhich? `));
    const picked = found[answer - 1];
    if (!picked) throw new Problem('LEAK_LAB_CONSOLE', `a number from 1 to ${found.length}, please`);
    return picked;
  } finally {
    asking.close();
  }
}
