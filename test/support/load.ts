import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** Runs `leak-lab load`, which can be interrupted. */
export function startLoad(...args: string[]) {
  const child = spawn(process.execPath, ['dist/src/cli/main.js', 'load', ...args]);
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { child, ended: ended.then(([[code], out, err]) => ({ code: code as number, out, err })) };
}

export const load = (...args: string[]) => startLoad(...args).ended;

/** A program that never heard of this kit: each answer is made by the code given, and `kept` outlives them all. */
export async function foreign(answer: string) {
  const program = `
    const kept = [];
    require('node:http').createServer((request, response) => { ${answer} }).listen(0, '127.0.0.1', function () {
      console.log(this.address().port);
    });`;
  const child = spawn(process.execPath, ['--inspect-port=0', '-e', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const port = Number(String((await once(child.stdout, 'data'))[0]));
  return { child, url: `http://127.0.0.1:${port}/` };
}
