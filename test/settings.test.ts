import { describe, expect, it } from 'vitest';
import { Problem } from '../src/kit/problem.js';
import { readSettings } from '../src/settings.js';

function mistakes(argv: string[], env: NodeJS.ProcessEnv = {}): string[] {
  try {
    readSettings(argv, env);
  } catch (error) {
    expect(error).toBeInstanceOf(Problem);
    expect((error as Problem).code).toBe('LEAK_LAB_SETTINGS');
    return (error as Problem).message.split('\n').slice(0, -1);
  }
  return [];
}

it('by default, the service runs in fixed mode, on loopback, with both bounds', () => {
  expect(readSettings()).toEqual({
    mode: 'fixed',
    specimen: undefined,
    consoleDirectory: undefined,
    noConsole: false,
    port: 8000,
    host: '127.0.0.1',
    maxEntries: 10_000,
    maxBytes: 16 * 1024 * 1024,
    redisUrl: 'redis://127.0.0.1:6379',
    redisTtlMs: 3_600_000,
    redisDeadlineMs: 50,
    localEntries: 1_000,
    shedAt: undefined,
    exitAt: 90,
    evidenceDir: undefined,
    evidenceSnapshot: false,
    directoryLatencyMs: 0,
    watchIntervalMs: 1_000,
    exposeOps: false,
  });
});

it('the service reads its mode from an argument and everything else from options', () => {
  const settings = readSettings([
    'leaky',
    '--port',
    '0',
    '--max-entries=5',
    '--max-bytes',
    '1MiB',
    '--expose-ops',
  ]);
  expect(settings).toMatchObject({
    mode: 'leaky',
    port: 0,
    maxEntries: 5,
    maxBytes: 1024 * 1024,
    exposeOps: true,
  });
});

it('a variable of the environment sets an option that is not given as a flag', () => {
  const env = { PORT: '9000', MAX_BYTES: '2MiB', DIRECTORY_LATENCY_MS: '7', EXPOSE_OPS: 'true' };
  expect(readSettings(['--port', '9001'], env)).toMatchObject({
    port: 9001,
    maxBytes: 2 * 1024 * 1024,
    directoryLatencyMs: 7,
    exposeOps: true,
  });
});

it('an empty variable of the environment counts as not set', () => {
  expect(readSettings([], { PORT: '', EXPOSE_OPS: '' })).toMatchObject({ port: 8000, exposeOps: false });
});

it('one error lists every wrong setting, with its value and what is accepted', () => {
  const flags = ['laky', 'again', '--port', '99999', '--max-bytes', 'many', '--nonsense', '--max-entries'];
  expect(mistakes(flags, { DIRECTORY_LATENCY_MS: '-1' })).toEqual([
    'DIRECTORY_LATENCY_MS must be a whole number from 0 to 60000, not "-1"',
    'mode must be fixed or leaky or shared, not "laky"',
    '"again" is one argument too many',
    '--port must be a whole number from 0 to 65535, not "99999"',
    '--max-bytes must be a size of at least 65536 bytes, such as 16777216 or 16MiB, not "many"',
    '--nonsense is not a flag of this command',
    '--max-entries needs a value (a whole number from 1 to 16777216), for example --max-entries 10000',
  ]);
});

it.each([
  'redis://127.0.0.1',
  'rediss://user:word@host:1/2',
  'unix:///run/redis.sock',
  'unix://u:w@/run/redis.sock',
])('--redis-url accepts %s', (url) => {
  expect(readSettings(['--redis-url', url])).toMatchObject({ redisUrl: url });
});

describe.each([
  ['--port', ['-1', '1.5', '1e3', '0x10', ' 1', '']],
  ['--max-entries', ['0', '16777217', 'ten']],
  ['--max-bytes', ['65535', '1KB', '-1MiB', 'MiB']],
  ['--expose-ops', ['maybe']],
  [
    '--redis-url',
    ['', '127.0.0.1:6379', 'http://127.0.0.1', 'redis://', 'redis://host:port', 'unix:///', 'unix://a'],
  ],
])('%s', (flag, values) => {
  it.each(values)('refuses %j', (value) => {
    expect(mistakes([`${flag}=${value}`])).toHaveLength(1);
  });
});
