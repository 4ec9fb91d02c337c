import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Command, type Ended, startCommand } from './command.js';

/** Runs `leak-lab load`, which can be interrupted. */
export function startLoad(...args: string[]): Command {
  return startCommand(['load', ...args]);
}

export const load = (...args: string[]): Promise<Ended> => startLoad(...args).ended;

/** A program that does not use the kit: the given code answers each request, and `retained` is an array for all of them. */
export async function foreign(answer: string) {
  const program = `
    const retained = [];
    require('node:http').createServer((request, response) => { ${answer} }).listen(0, '127.0.0.1', function () {
      console.log(this.address().port);
    });`;
  const child = spawn(process.execPath, ['--inspect-port=0', '-e', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const port = Number(String((await once(child.stdout, 'data'))[0]));
  return { child, url: `http://127.0.0.1:${port}/` };
}
