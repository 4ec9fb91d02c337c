import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../load/service.js';
import { estimateCost, requireCheap } from '../src/kit/console/cost.js';
import { ask, evaluate, serviceIn, socketFolder, startCli, terminal, until } from './support/console.js';

let folder: Awaited<ReturnType<typeof socketFolder>>;
let service: Service;

beforeAll(async () => {
  folder = await socketFolder();
  service = await serviceIn(folder.path, 'leaky');
  for (let at = 0; at < 50; at += 1) await fetch(`${service.url}/users/user-${at}`);
});
afterAll(async () => {
  await service.stop();
  await folder[Symbol.asyncDispose]();
});

const CLI = ['dist/src/cli/main.js', 'console', '--console-directory'];
const pipe = (...lines: string[]) => startCli(folder.path, [], lines.join('\n')).answer;

const serves = async (): Promise<number> => (await fetch(`${service.url}/users/user-1`)).status;

describe('leak-lab console -e CODE', () => {
  it('prints the value and exits with 0', async () => {
    expect(await evaluate(folder.path, 'get(UsersService).cache.users.size')).toEqual({
      code: 0,
      out: '50\n',
      err: '',
    });
  });

  it('awaits a promise and prints its value', async () => {
    const { out } = await evaluate(
      folder.path,
      `get('UsersService').find('new').then(({ user_id }) => user_id)`,
    );
    expect(out).toBe("'new'\n");
  });

  it.each([
    ['throw new Error("mine")', /^Uncaught Error: mine\n +at REPL\d+:1:7\n$/],
    ['await Promise.reject(5)', /^Uncaught 5\n$/],
    ['((', /^Uncaught SyntaxError: /],
    [
      'get("Nobody")',
      /there is no provider Nobody\. The providers are .*UsersService.*\[LEAK_LAB_CONSOLE\]\n$/,
    ],
  ])('exits with 1 and prints the error of %s', async (code, message) => {
    const answer = await evaluate(folder.path, code);
    expect([answer.code, answer.out]).toEqual([1, '']);
    expect(answer.err).toMatch(message);
  });

  it('exits with 130 on Ctrl-C in an endless loop, and the service still answers', async () => {
    const { child, answer } = startCli(folder.path, ['-e', 'console.log("in"); for (;;);']);
    // It prints before the loop begins.
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGINT');
    expect((await answer).code).toBe(130);
    expect(await serves()).toBe(200);
  });
});

describe('lines that are piped into leak-lab console', () => {
  it('are evaluated one by one, and the value of each is printed, as at the prompt', async () => {
    const answer = await pipe(
      'const one = 1;',
      'one + 1',
      '',
      '// a comment',
      'await Promise.resolve("later")',
      '_ + one\r',
      'console.log("printed")',
      '[1, 2]',
      '  .map((x) => x * 2)\r',
    );
    expect(answer).toMatchObject({ out: "2\n'later'\n'later1'\nprinted\n[ 1, 2 ]\n" });
    expect([answer.code, answer.err]).toEqual([
      1,
      expect.stringMatching(
        /^Uncaught .*\.map\(\(x\) is not a command for piped lines[^]*in line 9 of the input\n$/,
      ),
    ]);
  });

  it('go on in the next line until they are complete', async () => {
    const answer = await pipe(
      'function twice(x) {',
      '',
      '  return 2 * x;',
      '}',
      'twice(',
      '  [4, 5]',
      '  .length)',
      '`a',
      '',
      'b`',
      '({',
      'a: 1 })',
    );
    expect(answer).toEqual({ code: 0, out: `4\n'a\\n\\nb'\n{ a: 1 }\n`, err: '' });
  });

  it('may be commands of the prompt', async () => {
    const { code, out, err } = await pipe(
      'let x = 1',
      '.help',
      'if (true) {',
      '.break',
      'x',
      '.clear',
      'typeof x',
      '.exit',
      'throw 1',
    );
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/histogram\(n\)[^]*\.help +[^]*\n1\nClearing context\.\.\.\n'undefined'\n$/);
    expect(out).not.toContain('.editor');
  });

  it.each([
    [
      'an error',
      ['1', 'throw new Error("mine")', '3'],
      /^Uncaught Error: mine\n[^]*in line 2 of the input\n$/,
    ],
    ['a rejection', ['1', 'Promise.reject(5)', '3'], /^Uncaught 5\n +in line 2 /],
    ['a syntax error', ['1', 'a b', '3'], /^Uncaught SyntaxError: [^]*in line 2 /],
    ['lines that are never complete', ['1', 'f(', '3'], /^Uncaught SyntaxError: [^]*in line 3 /],
    [
      'a file that is not there',
      ['1', '.load nowhere', '3'],
      /^Uncaught .*\.load cannot read "nowhere"[^]*in line 2 /,
    ],
    ['an unknown command', ['1', '.nothing', '3'], /^Uncaught .*\.nothing is not a command[^]*in line 2 /],
    ['a command for terminals', ['1', '.editor', '3'], /^Uncaught .*\.editor is not a command[^]*in line 2 /],
    [
      'an error after its line',
      ['1', 'setTimeout(() => { throw 7 }); await new Promise(() => {})', '3'],
      /^Uncaught 7\n/,
    ],
  ])('end with exit code 1 at %s', async (_what, lines, message) => {
    const answer = await pipe(...lines);
    expect([answer.code, answer.out]).toEqual([1, '1\n']);
    expect(answer.err).toMatch(message);
  });

  it('are evaluated as they come, and an error ends the command although the pipe is open', async () => {
    const child = spawn(process.execPath, [...CLI, folder.path]);
    child.stdout.setEncoding('utf8');
    child.stdin.write('40 + 2\n');
    expect((await once(child.stdout, 'data'))[0]).toBe('42\n');
    child.stdin.write('throw 1\n');
    expect((await once(child, 'exit'))[0]).toBe(1);
    child.stdin.destroy();
  });

  it('end with 130 at Ctrl-C in an endless loop, and quietly where the output is closed', async () => {
    const { child, answer } = startCli(folder.path, [], 'console.log("in"); for (;;);\n');
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect((await answer).code).toBe(130);
    const other = spawn(process.execPath, [...CLI, folder.path]);
    other.stdin.on('error', () => {}).end('1\n'.repeat(10_000));
    await once(other.stdout, 'data');
    other.stdout.destroy();
    expect(await once(other, 'exit')).toEqual([130, null]);
    expect(await serves()).toBe(200);
  });

  it('may be none', async () => {
    expect(await pipe()).toEqual({ code: 0, out: '', err: '' });
  });
});

describe('the console on a terminal', () => {
  it('edits lines, completes names, recalls history, takes several lines and awaits promises', async () => {
    const prompt = terminal(folder.path);
    await prompt.type('', /leaky> /);
    await prompt.type('UsersServ', /UsersServ/);
    await prompt.type('\t', /ice/);
    await prompt.type('.name\r', /'UsersService'[^]*leaky> /);
    await prompt.type('const x = {\r', /(\.\.\.|\|) /);
    await prompt.type('a: 42 }\r', /undefined[^]*leaky> /);
    await prompt.type('x.a + 1\r', /43[^]*leaky> /);
    await prompt.type('\u001B[A', /x\.a \+ 1/);
    await prompt.type('\r', /43/);
    await prompt.type('await new Promise((done) => setTimeout(done, 10, "later"))\r', /'later'/);
    await prompt.type('.help\r', /histogram\(n\)/);
    await prompt.type('.exit\r', /leaky> |$/);
    expect(await prompt.ended).toBe(0);
  });

  it('is interrupted by Ctrl-C in a loop, a pending promise and a loop of promises, and keeps its variables', async () => {
    const prompt = terminal(folder.path);
    await prompt.type('', /leaky> /);
    await prompt.type('const mine = 6 * 7\r', /undefined[^]*leaky> /);
    for (const endless of ['for (;;);', 'await new Promise(() => {})', 'for (;;) await null']) {
      await prompt.type(`console.log('now'); ${endless}\r`, /\nnow/);
      await prompt.type('\u0003', /interrupted[^]*leaky> /);
      await prompt.type('mine\r', /42[^]*leaky> /);
      expect(await serves()).toBe(200);
    }
    await prompt.type('.exit\r', /$/);
    expect(await prompt.ended).toBe(0);
  });

  it('shows an error that is thrown after its line, and the service still answers', async () => {
    const prompt = terminal(folder.path);
    await prompt.type('', /leaky> /);
    await prompt.type('setTimeout(() => { throw new Error("late") }); 0\r', /Uncaught Error: late/);
    await prompt.type('const p = get(UsersService).directory.find(Symbol()); 0\r', /Uncaught:?\s+TypeError/);
    await prompt.type('const q = Promise.reject(5); 0\r', /Uncaught[^]*reason "5"/);
    expect(await serves()).toBe(200);
    await prompt.type('.exit\r', /$/);
    await prompt.ended;
  });

  it('leaves out the end of a huge printout, and prints how many characters', async () => {
    const prompt = terminal(folder.path);
    await prompt.type('', /leaky> /);
    await prompt.type(
      'for (let i = 0; i < 100000; i++) console.log("x".repeat(200)); "printed"\r',
      /[\d,]{6,} characters left out/,
    );
    expect(await serves()).toBe(200);
    await prompt.type('.exit\r', /$/);
    await prompt.ended;
  });

  it('may be killed during an endless loop, and the service still answers', async () => {
    const prompt = terminal(folder.path);
    await prompt.type('', /leaky> /);
    await prompt.type('console.log("now"); for (;;);\r', /\nnow/);
    prompt.vanish();
    await prompt.ended;
    expect(await serves()).toBe(200);
  });

  it('shares no variables with another client', async () => {
    const [one, other] = [terminal(folder.path), terminal(folder.path)];
    await one.type('', /leaky> /);
    await other.type('', /leaky> /);
    await one.type('var mine = 1\r', /undefined/);
    await other.type('typeof mine\r', /'undefined'/);
    await one.type('mine + 1\r', /2/);
    for (const prompt of [one, other]) {
      await prompt.type('.exit\r', /$/);
      await prompt.ended;
    }
  });
});

describe('the socket of a console', () => {
  it('is accessible to its user only, and is removed when the service exits', async () => {
    await using own = await socketFolder();
    const directory = join(own.path, 'made');
    const other = await serviceIn(directory);
    const path = join(directory, `fixed-${other.pid}.sock`);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await other.stop('SIGINT')).toBe(0);
    expect((await readdir(directory)).filter((file) => file !== 'history')).toEqual([]);
  });

  it('is removed by the next service when its process was killed', async () => {
    await using own = await socketFolder();
    const killed = await serviceIn(own.path);
    await killed.stop('SIGKILL');
    expect(await readdir(own.path)).toEqual([`fixed-${killed.pid}.sock`]);
    const next = await serviceIn(own.path);
    expect(await readdir(own.path)).toEqual([`fixed-${next.pid}.sock`]);
    await next.stop();
  });

  it('is found by the command, which lists the services when there are several and says what to do when there are none', async () => {
    await using own = await socketFolder();
    const none = await evaluate(own.path, '1');
    expect(none).toMatchObject({ code: 2, out: '' });
    expect(none.err).toMatch(/no service has a console in .*start:leaky.*\[LEAK_LAB_CONSOLE\]/);
    const both = await Promise.all([serviceIn(own.path, 'leaky'), serviceIn(own.path, 'fixed')]);
    const several = await evaluate(own.path, '1');
    expect(several.code).toBe(2);
    for (const { pid } of both) expect(several.err).toContain(`process ${pid}`);
    const prompt = terminal(own.path);
    await prompt.type('', /Which\? /);
    await prompt.type('1\r', /fixed> /);
    await prompt.type('.exit\r', /$/);
    await prompt.ended;
    await Promise.all(both.map((one) => one.stop()));
  });

  it('is not opened when its path is too long, and the service runs without a console', async () => {
    await using own = await socketFolder();
    const path = join(own.path, 'x'.repeat(120));
    const { startService } = await import('../load/service.js');
    const other = await startService(['--console-directory', path]);
    await until(() => other.errorOutput() !== '');
    expect(other.errorOutput()).toMatch(/no console: .*longer than the 103 bytes.*\[LEAK_LAB_CONSOLE\]/);
    expect((await fetch(`${other.url}/users/somebody`)).status).toBe(200);
    await other.stop();
  });
});

describe('an object that a verb answers with', () => {
  it('belongs to the program and never to the console', async () => {
    const own = ['ConsoleServer', 'ClientSession', 'Evaluator', 'REPLServer', 'Interrupts', 'SelfInspection'];
    // One histogram for all classes, because each verb collects.
    const counted = `histogram(Infinity).filter(({ className }) => ${JSON.stringify(own)}.includes(className)).length`;
    // Earlier clients may still be closing.
    let answer = '';
    await until(
      async () => (answer = await ask(service, folder.path, counted)) === '0\n',
      () => answer,
    );
    expect(await ask(service, folder.path, `count('UsersService')`)).toBe('1\n');
  });

  it('is retained by a variable only while its client is connected', async () => {
    const prompt = terminal(folder.path);
    await prompt.type('', /leaky> /);
    await prompt.type(`byType('User').length > 1\r`, /true[^]*leaky> /);
    await prompt.type(`random('User')\r`, /user_id[^]*leaky> /);
    await prompt.type(`console.log(random('User'))\r`, /user_id[^]*leaky> /);
    await prompt.type(`throw random('User')\r`, /user_id[^]*leaky> /);
    await prompt.type(`const mine = random('User'); 'mine'\r`, /'mine'[^]*leaky> /);
    await ask(service, folder.path, 'get(LeakyUserCache).users.clear()');
    // What the previous lines printed may take a moment to be sent.
    await until(async () => (await ask(service, folder.path, `count('User')`)) === '1\n');
    await prompt.type('.exit\r', /$/);
    await prompt.ended;
    await until(async () => (await ask(service, folder.path, `count('User')`)) === '0\n');
  });

  it('is found without a prototype, when another object references it', async () => {
    const code = `
      const [outer, inner] = [Object.create(null), Object.create(null)];
      for (let at = 0; at < 50_000; at += 1) inner[at] = at;
      get(UsersService).bare = Object.assign(outer, { inner });
      const all = largest();
      [largest('Object'), all.Object].every((one) => one === inner) && delete get(UsersService).bare && all`;
    expect(await ask(service, folder.path, code)).toMatch(/^ 50,000 +Object +Object$/m);
  });

  it('is collected by gc() when nothing retains it', async () => {
    const prompt = terminal(folder.path);
    await prompt.type('', /leaky> /);
    await prompt.type('var gone = new WeakRef({}); typeof gone.deref()\r', /'object'[^]*leaky> /);
    await prompt.type('gc()\r', /heap .* → .*, freed [^]*leaky> /);
    await prompt.type('gone.deref() ?? "collected"\r', /'collected'[^]*leaky> /);
    await prompt.type('.exit\r', /$/);
    await prompt.ended;
  });

  it('has the retaining path of the program, not the one of a variable at the prompt', async () => {
    const { out } = await evaluate(
      folder.path,
      `get(UsersService).recall = (() => { const secret = new Map([['a', {}]]); return () => secret; })();
       const mine = get(UsersService).recall(); var alias = mine;
       const found = await path(mine); delete get(UsersService).recall; found`,
    );
    expect(out).toBe('AppModule › UsersModule › UsersService.recall() › secret\n');
  });

  it('has the retainers of the program only, not the console', async () => {
    const { out } = await evaluate(
      folder.path,
      `const mine = await get(UsersService).find('one'); var alias = mine;
       const found = [await retainers(mine), await retainers(mine, { fresh: true })];
       found.map(({ list, more }) => list.map(({ via, className }) => via + ' of ' + className).concat(more)).join('; ')`,
    );
    expect(out).toBe(`'["one"] of Map,0; ["one"] of Map,0'\n`);
  });

  it('takes one snapshot for several questions, and a new one with { fresh: true }', async () => {
    const { code, out, err } = await evaluate(
      folder.path,
      `const x = get(UsersService); const first = await retainers(x); await references(x);
       const again = await retainers(x, { fresh: true }); [first, again].every(({ of }) => of.className === 'UsersService')`,
    );
    expect([code, out]).toEqual([0, 'true\n']);
    expect(
      err
        .replaceAll(/\d+/g, '#')
        .split('\n')
        .map((line) => line.slice(0, 33)),
    ).toEqual([
      'A heap snapshot pauses the servic',
      'From the heap snapshot taken # s ',
      'A heap snapshot pauses the servic',
      '',
    ]);
  });

  it('is examined without a snapshot when one is too expensive', () => {
    const cost = estimateCost('snapshot', 50e6);
    const free = { memoryBytes: cost.memoryBytes - 1, heapBytes: 1e9 };
    expect(() => requireCheap(cost, free, 'path')).toThrow(
      /Only 750 MB are free\. Call path with \{ force: true \} to do it anyway/,
    );
    expect(() => requireCheap(cost, { ...free, memoryBytes: 1e9 }, 'path')).not.toThrow();
    expect(() =>
      requireCheap(estimateCost('snapshot', 1e9), { memoryBytes: 1e12, heapBytes: 1e12 }, 'path'),
    ).toThrow(/longest pause allowed is 10 s/);
  });
});

it('the service has no file, error or failed request of its clients after they have left', async () => {
  await until(async () => (await readdir(folder.path)).every((file) => /(\.sock|history)$/.test(file)));
  expect(await serves()).toBe(200);
  expect(service.errorOutput().replace(/^.*\[LEAK_LAB_LEAKY\]\n/, '')).toBe('');
});
