import { createApp } from './app.js';
import { run } from './command/run.js';
import { listen, stopOnSignals, warnOfLeakyMode } from './lifecycle.js';
import { readSettings, serviceAbout } from './settings.js';

async function serve(argv: string[]): Promise<undefined> {
  const settings = readSettings(argv, process.env);
  if (settings.mode === 'leaky') warnOfLeakyMode();
  process.debugPort = 0; // SIGUSR1 then opens the inspector on a free port, so several services can be diagnosed at once
  const app = await createApp(settings);
  stopOnSignals(app);
  const url = await listen(app, settings);
  const path = settings.specimen ? `specimens/${settings.specimen}/random` : 'users/random';
  process.stdout.write(`leak-lab ${settings.mode} on ${url}/${path} (pid ${process.pid}), Ctrl-C stops it\n`);
}

await run(serviceAbout, serve, process.argv.slice(2));
