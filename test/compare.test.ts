import { describe, expect, it } from 'vitest';
import { startCommand } from './support/command.js';

const URL = 'http://127.0.0.1:{port}/orders/{n}';

describe('leak-lab compare', () => {
  it.each([
    [[], /nothing to send: pass --url/],
    [['--url', URL], /two versions are needed/],
    [['--before', 'x', '--after', 'y', '--url', URL, '--replay', 'f'], /--url and --replay both say/],
    [['--before', 'x', '--before-ref', 'main', '--url', URL], /pass one or the other/],
    [['--before-ref', 'main', '--url', URL], /refs need --start/],
    [['--after-ref', 'main', '--start', 'x', '--url', URL], /--after-ref needs --before-ref/],
    [['--before', 'x', '--after', 'y', '--url', URL, '--ignore-field', 'a..b'], /must be a path in JSON/],
    [['--before', 'x', '--after', 'y', '--url', URL, '--comparer', 'none.mjs'], /cannot load the comparer/],
    [['--before', 'echo no port; exit 3', '--after', 'y', '--url', URL], /exit code 3.*\nno port\n.*PORT/],
  ] as [string[], RegExp][])('refuses %j', async (args, said) => {
    const { ended } = startCommand(['compare', ...args]);
    const { code, out, err } = await ended;
    expect([code, out]).toEqual([2, '']);
    expect(err.replaceAll(/\n$/g, '')).toMatch(said);
  });
});
