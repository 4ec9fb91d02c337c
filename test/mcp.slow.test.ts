import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startService } from '../load/service.js';
import { startAgent } from './support/agent.js';

/** About four characters a token. */
const TOKENS = 4_000;

it('an agent that knows nothing of a service has the owner and the line after one call', async () => {
  const service = await startService(['leaky']);
  const agent = await startAgent();
  try {
    const { text } = await agent.call('diagnose', {
      url: [`${service.url}/users/random`],
      pid: service.pid,
    });
    expect(text).toMatch(/^LEAK/);
    expect(text).toContain('UsersModule › LeakyUserCache.users');
    expect(text).toContain('src/service/');
    expect(text, 'keys may be personal data').not.toContain('keys  ');
    expect(text.length / 4).toBeLessThan(TOKENS / 4);
    const [uri = ''] = /leak-lab:\/\/\S+/.exec(text) ?? [];
    const { contents } = await agent.client.readResource({ uri });
    const [content] = contents;
    const json = content && 'text' in content ? content.text : '';
    expect(JSON.parse(json)).toMatchObject({ verdict: { kind: 'leak' }, target: { pid: service.pid } });
  } finally {
    await agent.close();
    await service.stop();
  }
});

it.each([
  ['map-in-class.mjs', /Sessions?\w*\.\w+|\.\w+ \(Map/],
  ['listeners.mjs', /listener/i],
  ['timers.mjs', /timer|interval|Timeout/i],
])('an agent has the owner of %s from two snapshots after one call', async (program, owner) => {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-agent-'));
  const agent = await startAgent();
  try {
    const files = ['before', 'after'].map((name) => join(folder, `${name}.heapsnapshot`));
    await promisify(execFile)(process.execPath, [
      'test/support/leak-snapshots.mjs',
      `test/support/leaks/${program}`,
      ...files,
    ]);
    const { text, isError } = await agent.call('diagnose_snapshots', { files });
    expect(isError).toBe(false);
    expect(text.split('\n').find((line) => line.startsWith('1. '))).toMatch(owner);
    expect(text.length / 4).toBeLessThan(TOKENS);
  } finally {
    await agent.close();
    await rm(folder, { recursive: true });
  }
});

it('a suspect is cleared only when the user agrees to its name, and its path can be asked afterwards', async () => {
  const service = await startService(['leaky']);
  const asked: string[] = [];
  const agent = await startAgent((question) => asked.push(question) > 1);
  try {
    const given = { url: [`${service.url}/users/random`], pid: service.pid };
    expect(await agent.call('clear_suspect', {})).toEqual({
      isError: true,
      text: expect.stringContaining('call diagnose first'),
    });
    await agent.call('diagnose', given);
    const refused = await agent.call('clear_suspect', {});
    expect(asked).toEqual([expect.stringContaining('UsersModule › LeakyUserCache.users')]);
    expect(refused.text).toContain('Nothing was cleared');
    const cleared = await agent.call('clear_suspect', {});
    expect(asked).toHaveLength(2);
    const words = cleared.text.replaceAll(/\s+/g, ' ');
    expect(words).toMatch(
      /Clearing UsersModule › LeakyUserCache\.users \(Map, [\d,]+ entries\) freed [\d.]+ MB/,
    );
    const { text } = await agent.call('why_alive', { name: 'LeakyUserCache' });
    expect(text).toContain('suspect 1');
    expect(text).toContain('UsersModule');
  } finally {
    await agent.close();
    await service.stop();
  }
});
