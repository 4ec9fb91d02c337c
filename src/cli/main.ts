#!/usr/bin/env node
import { COULD_NOT, run, type Work } from '../command/run.js';
import type { About } from '../command/help.js';
import { INSTALLED } from '../command/installed.js';

interface Command {
  purpose: string;
  /** Needs the service that leaks on purpose, which no package has. */
  repository?: true;
  load: () => Promise<{ about: About; work: Work }>;
}

/** Loaded when it is asked for: a command pays for its own parts only. */
const commands: Record<string, Command> = {
  load: { purpose: 'load a service and judge whether it leaks', load: () => import('./load.js') },
  diagnose: {
    purpose: 'say whether a process leaks, and name what holds the memory',
    load: () => import('./diagnose.js'),
  },
  console: { purpose: 'look around inside a running service', load: () => import('./console.js') },
  gallery: {
    purpose: 'run every pattern of the gallery, leaky and fixed, and judge them',
    repository: true,
    load: () => import('./gallery.js'),
  },
  demo: {
    purpose: 'both modes end to end: load, tables, verdicts, report',
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
  const asked = name === '--help' || name === '-h';
  const list = Object.entries(commands)
    .filter(([, { repository }]) => !(INSTALLED && repository))
    .map(([one, { purpose }]) => `  ${one.padEnd(8)}  ${purpose}`);
  const text = `Usage: leak-lab <command> [flags]\n\n${list.join('\n')}\n\nleak-lab <command> --help says more.\n`;
  if (asked) process.stdout.write(text);
  else {
    process.stderr.write(
      name === undefined ? text : `leak-lab: there is no command ${JSON.stringify(name)}\n\n${text}`,
    );
    process.exitCode = COULD_NOT;
  }
}
