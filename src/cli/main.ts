#!/usr/bin/env node
import { COULD_NOT, run, type Work } from '../command/run.js';
import type { About } from '../command/help.js';
import { INSTALLED } from '../command/installed.js';

interface Command {
  purpose: string;
  /** Needs the demo service, which is in the repository and not in the package. */
  repository?: true;
  load: () => Promise<{ about: About; work: Work }>;
}

/** Each command loads its own modules only. */
const commands: Record<string, Command> = {
  load: { purpose: 'send load to a service and decide whether it leaks', load: () => import('./load.js') },
  diagnose: {
    purpose: 'decide whether a process leaks, and name the suspects',
    load: () => import('./diagnose.js'),
  },
  query: { purpose: 'ask a heap snapshot anything', load: () => import('./query.js') },
  snapshot: {
    purpose: 'write a heap snapshot of a process, and say first what it costs',
    load: () => import('./snapshot.js'),
  },
  redact: {
    purpose: 'write a heap snapshot without the contents of its strings',
    load: () => import('./redact.js'),
  },
  compare: {
    purpose: 'compare two versions of a service under the same load',
    load: () => import('./compare.js'),
  },
  bisect: {
    purpose: 'find the commit that began to leak',
    load: () => import('./bisect.js'),
  },
  record: {
    purpose: 'record requests to a service, for compare and bisect to replay',
    load: () => import('./record.js'),
  },
  fix: { purpose: 'write the patch for a leak that was diagnosed', load: () => import('./fix.js') },
  ps: { purpose: 'list the Node processes that can be diagnosed', load: () => import('./ps.js') },
  console: { purpose: 'open a console inside a running service', load: () => import('./console.js') },
  mcp: { purpose: 'serve leak-lab to a coding agent', load: () => import('./mcp.js') },
  gallery: {
    purpose: 'run every leak pattern, leaky and fixed, under load',
    repository: true,
    load: () => import('./gallery.js'),
  },
  demo: {
    purpose: 'run the demo service in both modes: load, tables, verdicts, report',
    repository: true,
    load: () => import('./demo.js'),
  },
};

const [name, ...argv] = process.argv.slice(2);
const command = name === undefined ? undefined : commands[name];
if (command) {
  const { about, work } = await command.load();
  await run(about, work, argv);
} else {
  const isHelp = name === '--help' || name === '-h';
  const list = Object.entries(commands)
    .filter(([, { repository }]) => !(INSTALLED && repository))
    .map(([one, { purpose }]) => `  ${one.padEnd(8)}  ${purpose}`);
  const text = `Usage: leak-lab <command> [options]\n\n${list.join('\n')}\n\nRun leak-lab <command> --help for its options.\n`;
  if (isHelp) process.stdout.write(text);
  else {
    process.stderr.write(
      name === undefined ? text : `leak-lab: there is no command ${JSON.stringify(name)}\n\n${text}`,
    );
    process.exitCode = COULD_NOT;
  }
}
