import { createApp } from './app.js';
import type { About } from './command/help.js';
import { run } from './command/run.js';
import { LEFT_FOR_MEMORY } from './kit/memory/containment/containment.options.js';
import { listen, stopOnSignals, warnOfLeakyMode } from './lifecycle.js';
import { readSettings, serviceKnobs } from './settings.js';

const about: About = {
  usage: 'npm start -- [fixed|leaky|shared]',
  purpose:
    'Serves GET /users/:id and keeps users in memory: as many as fit (fixed), all of them (leaky), or\nin a Redis that several services have in common (shared).',
  knobs: serviceKnobs,
  examples: [
    'npm run start:leaky',
    'npm run start:fixed -- --port 8001 --max-entries 1000',
    'npm run start:leaky -- --specimen listeners',
  ],
  exits: {
    0: 'ended by a signal, after the answers under way',
    2: 'could not start',
    [LEFT_FOR_MEMORY]: 'left for lack of memory (--shed-at): start it again',
  },
};

async function serve(argv: string[]): Promise<undefined> {
  const settings = readSettings(argv, process.env);
  if (settings.mode === 'leaky') warnOfLeakyMode();
  process.debugPort = 0; // SIGUSR1 opens the inspector on a free port: several services can be looked into at once
  const app = await createApp(settings);
  stopOnSignals(app);
  const url = await listen(app, settings);
  const path = settings.specimen ? `specimens/${settings.specimen}/random` : 'users/random';
  process.stdout.write(`leak-lab ${settings.mode} on ${url}/${path} (pid ${process.pid}), Ctrl-C stops it\n`);
}

await run(about, serve, process.argv.slice(2));
