import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { mystery, startMystery } from './support/mystery.js';

let stop = async (): Promise<void> => {};
afterEach(() => stop());

it('a mystery does not print or serve the name of its leak, and checks an answer', async () => {
  const child = startMystery(['--seed', '7', '--port', '0']);
  stop = async () => {
    child.kill();
    if (child.exitCode === null) await once(child, 'exit');
  };
  const printed = String((await once(child.stdout, 'data'))[0]);
  const [url = ''] = /http:\S+/.exec(printed) ?? [];
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  const told = await mystery(['--seed', '7', '--give-up']);
  const [, hidden = ''] = /^It was: ([\w-]+)\./.exec(told.out) ?? [];
  expect(hidden).not.toBe('');
  for (const shown of [printed, url, await answer.text()]) expect(shown).not.toContain(hidden);

  expect(await mystery(['--seed', '7', '--answer', hidden])).toMatchObject({
    code: 0,
    out: expect.stringContaining(`Right: ${hidden}.`),
  });
  const other = hidden === 'timers' ? 'listeners' : 'timers';
  expect(await mystery(['--seed', '7', '--answer', other])).toMatchObject({
    code: 1,
    out: expect.stringContaining(`is not ${other}.`),
  });
});

it('a mystery refuses an answer without a seed, an answer with --give-up, and an unknown name', async () => {
  expect(await mystery(['--answer', 'timers'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--seed N'),
  });
  expect(await mystery(['--seed', '7', '--answer', 'timers', '--give-up'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('not both'),
  });
  expect(await mystery(['--seed', '7', '--answer', 'gremlins'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--answer must be one of'),
  });
});
