import { createApp } from './app.js';
import { listen, stopOnSignals, warnOfLeakyMode } from './lifecycle.js';
import { run } from './command/run.js';
import { readSettings, serviceKnobs } from './settings.js';

const argv = process.argv.slice(2);

await run(
  {
    usage: 'npm start -- [fixed|leaky]',
    purpose:
      'Serves GET /users/:id and keeps users in memory: as many as fit (fixed), or all of them (leaky).',
    knobs: serviceKnobs,
    examples: ['npm run start:leaky', 'npm run start:fixed -- --port 8001 --max-entries 1000'],
    exits: { 0: 'ended by a signal, after the answers under way', 2: 'could not start' },
  },
  argv,
  async () => {
    const settings = readSettings(argv, process.env);
    const app = await createApp(settings);
    if (settings.mode === 'leaky') warnOfLeakyMode();
    stopOnSignals(app);
    process.debugPort = 0; // SIGUSR1 opens the inspector on a free port: several services can be looked into at once
    const url = await listen(app, settings);
    process.stdout.write(
      `leak-lab ${settings.mode} on ${url}/users/random (pid ${process.pid}), Ctrl-C stops it\n`,
    );
    return undefined;
  },
);
