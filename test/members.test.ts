import { describe, expect, it } from 'vitest';
import { type Member, memberName, membersBelow, membersOnPort } from '../src/kit/members/family.js';
import { withoutOurselves } from '../src/kit/members/ourselves.js';
import type { ProcessRow } from '../src/kit/members/process-table.js';
import { scriptOf } from '../src/kit/members/script.js';

/** One process: `worker` is the number that a cluster gave to it. */
const row = (pid: number, parent: number, command: string, worker: string | null = null): ProcessRow => ({
  pid,
  parent,
  args: command.startsWith('title ') ? [command.slice(6)] : command.split(' '),
  isNode: /^(node|title)/.test(command),
  worker,
});

const named = (members: Member[]): string[] => members.map((one) => `${one.pid} ${memberName(one)}`);
const onPort = (
  table: ProcessRow[],
  signs: Partial<Record<'listening' | 'accepting' | 'upstream', number[]>>,
): string[] => named(membersOnPort({ table, listening: [], accepting: [], upstream: [], ...signs }));

describe('the processes below a pid', () => {
  it.each([
    ['npm start', row(10, 1, 'title npm start')],
    ['sh -c', row(10, 1, 'sh -c node app.js')],
    ['node --watch', row(10, 1, 'node --watch app.js')],
    ['npx tsx', row(10, 1, 'node /app/node_modules/.bin/tsx app.js')],
  ])('of %s are what it started, through any shell', (_, launcher) => {
    const table = [
      launcher,
      row(11, 10, 'sh -c node app.js'),
      row(12, 11, 'node app.js'),
      row(13, 1, 'node b.js'),
    ];
    expect(named(membersBelow(10, table))).toEqual(['12 process app.js']);
  });

  it('are all of them where it started several', () => {
    const table = [row(10, 1, 'title npm start'), row(11, 10, 'node a.js'), row(12, 10, 'node b.js')];
    expect(named(membersBelow(10, table))).toEqual(['11 process a.js', '12 process b.js']);
  });

  it('of a plain process are that process alone, also below a launcher', () => {
    const table = [row(10, 1, 'title npm start'), row(11, 10, 'node a.js'), row(12, 10, 'node b.js')];
    expect(named(membersBelow(11, table))).toEqual(['11 process a.js']);
  });

  it('of a primary are it and its workers; of a worker, that worker', () => {
    const table = [row(10, 1, 'node c.js'), row(12, 10, 'node c.js', '2'), row(11, 10, 'node c.js', '1')];
    expect(named(membersBelow(10, table))).toEqual([
      '10 cluster primary',
      '11 cluster worker 1',
      '12 cluster worker 2',
    ]);
    expect(named(membersBelow(12, table))).toEqual(['12 cluster worker 2']);
  });

  it('are none of a program that is not Node and has none below it', () => {
    expect(membersBelow(10, [row(10, 1, 'nginx'), row(11, 1, 'node a.js')])).toEqual([]);
  });

  it('of a program that only has a watching name are itself, where it has nothing below it', () => {
    expect(named(membersBelow(10, [row(10, 1, 'node --watch app.js')]))).toEqual(['10 process app.js']);
  });
});

describe('the tool itself', () => {
  const table = [
    row(10, 1, 'bash'),
    row(11, 10, 'node service.js'),
    row(12, 10, 'title npm run diagnose'),
    row(13, 12, 'sh -c node cli.js'),
    row(14, 13, 'node cli.js'),
    row(15, 14, 'node load.js'),
  ];

  it('is no part of a service below the shell that both run in, nor is what started it or what it starts', () => {
    expect(named(membersBelow(10, table)).length).toBeGreaterThan(1); // what it would be taken for
    expect(named(membersBelow(10, withoutOurselves(table, 14, 10)))).toEqual(['11 process service.js']);
  });

  it('is no part of the service that starts it, which stays one', () => {
    const started = [row(11, 1, 'node service.js'), row(14, 11, 'node cli.js')];
    expect(named(membersBelow(11, withoutOurselves(started, 14, 11)))).toEqual(['11 process service.js']);
    const seen = {
      table: withoutOurselves(started, 14, null),
      listening: [11],
      accepting: [11],
      upstream: [],
    };
    expect(named(membersOnPort(seen))).toEqual(['11 process service.js']);
  });

  it('leaves a service that has none below a shell without members', () => {
    const alone = table.filter(({ pid }) => pid !== 11);
    expect(membersBelow(10, withoutOurselves(alone, 14, 10))).toEqual([]);
  });
});

describe('the processes on a port', () => {
  const cluster = [
    row(10, 1, 'node c.js'),
    row(11, 10, 'node c.js', '1'),
    row(12, 10, 'node c.js', '2'),
    row(13, 10, 'node c.js', '3'),
  ];

  it('of a cluster are its primary and all workers, also those that accepted nothing yet', () => {
    const all = ['10 cluster primary', '11 cluster worker 1', '12 cluster worker 2', '13 cluster worker 3'];
    expect(onPort(cluster, { listening: [10], accepting: [11, 12] })).toEqual(all);
    expect(onPort(cluster, { listening: [10] })).toEqual(all); // where it is not seen who accepts
  });

  it('of pm2 are the workers of this service: not its other services, and not pm2', () => {
    const god = row(10, 1, 'title PM2 v7.0.4: God Daemon (/home/me/.pm2)');
    const table = [
      god,
      row(11, 10, 'title node /app/a.js', '0'),
      row(12, 10, 'title node /app/a.js', '1'),
      row(13, 10, 'title node /app/other.js', '2'),
    ];
    expect(onPort(table, { listening: [10], accepting: [11] })).toEqual([
      '11 cluster worker 0',
      '12 cluster worker 1',
    ]);
  });

  it('that several share are all that listen', () => {
    const table = [row(10, 1, 'node a.js'), row(11, 1, 'node a.js'), row(12, 1, 'node b.js')];
    expect(onPort(table, { listening: [10, 11], accepting: [10] })).toEqual([
      '10 process a.js',
      '11 process a.js',
    ]);
  });

  it('of a proxy are it and what it connects to, with their workers', () => {
    const table = [row(9, 1, 'node proxy.js'), ...cluster];
    expect(onPort(table, { listening: [9], accepting: [9], upstream: [10] })).toEqual([
      '9 process proxy.js',
      '10 cluster primary',
      '11 cluster worker 1',
      '12 cluster worker 2',
      '13 cluster worker 3',
    ]);
    const nginx = [row(8, 1, 'nginx'), row(9, 1, 'node a.js')];
    expect(onPort(nginx, { listening: [8], accepting: [8], upstream: [9] })).toEqual([
      '9 upstream process a.js',
    ]);
  });

  it('of one process are that process alone, whatever else runs', () => {
    const table = [row(10, 1, 'node a.js'), row(11, 1, 'node b.js'), row(12, 1, 'title npm start')];
    expect(onPort(table, { listening: [10], accepting: [10] })).toEqual(['10 process a.js']);
  });
});

describe('the script of a process', () => {
  it.each([
    ['node /app/server.js --port 80', '/app/server.js'],
    ['node --require ./a.js --max-old-space-size=100 -r b server.js', 'server.js'],
    ['node -e code', '(code of --eval)'],
    ['node', 'node'],
  ])('of %s is %s', (command, script) => {
    expect(scriptOf(command.split(' '))).toBe(script);
  });

  it('of a program that has set its title is the title, or the script that pm2 names in it', () => {
    expect(scriptOf(['my service'])).toBe('my service');
    expect(scriptOf(['node /app/a.js'])).toBe('/app/a.js');
  });
});
