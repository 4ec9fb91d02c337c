import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { commands } from '../docs/reference.js';
import { outputOptions } from '../src/cli/diagnosis-output.js';
import { flagOf, many, type Options, readOptions, text, toggle, whole } from '../src/command/options.js';

const run = promisify(execFile);

/** What is wrong with a command line; none where it is right. */
function mistakes(options: Options, argv: string[]): string[] {
  try {
    readOptions(options, argv);
    return [];
  } catch (error) {
    const lines = (error as Error).message.split('\n');
    expect(lines.pop()).toMatch(/^See --help for the options\.$/);
    return lines;
  }
}

/** The arguments that a shell makes of a line. */
async function inShell(line: string): Promise<string[]> {
  const { stdout } = await run('sh', ['-c', `printf '%s\\n' ${line}`]);
  return stdout.trimEnd().split('\n');
}

const flags = Object.entries(commands).flatMap(([command, { options }]) =>
  Object.entries(options)
    .filter(([, { bare, positional }]) => !bare && !positional)
    .map(([name]) => ({ command, flag: flagOf(name), options })),
);

describe('a flag without its value', () => {
  it.each(flags)(
    'is told what it needs, with an example that is accepted: $flag of $command',
    async (one) => {
      const { flag, options } = one;
      const [mistake, ...others] = mistakes(options, [flag]);
      expect(others).toEqual([]);
      const [, what, example = ''] =
        /^(?:--\S+) needs a value \((.+)\), for example (.+)$/.exec(mistake ?? '') ?? [];
      expect(what).not.toMatch(/^a text that is not empty$/);
      const argv = await inShell(example);
      expect(argv).toHaveLength(2);
      expect(argv[0]).toBe(flag);
      expect(mistakes(options, argv)).toEqual([]);
    },
  );

  it('is named with a file to write', () => {
    expect(mistakes(outputOptions, ['--json'])).toEqual([
      '--json needs a value (FILE), for example --json diagnosis.json',
    ]);
  });
});

describe('a flag that is followed by another flag', () => {
  const options = {
    json: text({ default: undefined, placeholder: 'FILE', why: '' }),
    eval: text({ default: undefined, placeholder: 'CODE', short: 'e', why: '' }),
    header: many(text({ default: undefined, placeholder: 'NAME:VALUE', why: '' }), 4),
    pid: whole({ default: undefined, min: 1, max: 9_999, why: '' }),
    yes: toggle({ why: '' }),
  };
  const json = '--json needs a value (FILE), for example --json result.json';

  it.each([
    [['--json', '--pid', '4711']],
    [['--json', '--pid=4711']],
    [['--json', '--yes']],
    [['--json', '-e', '1']],
    [['--json', '--json', 'a.json']],
  ])('has no value: %j', (argv) => {
    expect(mistakes(options, argv)).toEqual([json]);
  });

  it('is told by the name that was given', () => {
    expect(mistakes(options, ['-e', '--yes'])).toEqual([
      "-e needs a value (CODE), for example -e 'containers()'",
    ]);
  });

  it.each([
    [['--json=--pid'], { json: '--pid' }],
    [['--eval', '--counter'], { eval: '--counter' }],
    [['-e', '-1'], { eval: '-1' }],
    [['--json', '-'], { json: '-' }],
    [['--yes', '--pid', '7'], { yes: true, pid: 7 }],
    [['--header', 'a: --pid', '--header', 'b:2'], { header: ['a: --pid', 'b:2'] }],
  ])('has one where that is written as its value, or is no flag of the command: %j', (argv, values) => {
    expect(readOptions(options, argv)).toMatchObject(values);
  });

  it('ends at --', () => {
    expect(mistakes(options, ['--', '--json', '--pid'])).toEqual([
      '"--json" is one argument too many',
      '"--pid" is one argument too many',
    ]);
  });
});
