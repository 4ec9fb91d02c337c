import { createApp } from '../app.js';
import { listen, stopOnSignals } from '../lifecycle.js';
import { readSettings } from '../settings.js';
import { hiddenBy } from './hidden.js';

/** Starts the leaking service of a mystery. A signal ends it. */
export async function serve(seed: number, port: number): Promise<void> {
  process.debugPort = 0;
  const settings = { ...readSettings(), port };
  const app = await createApp(settings, { specimen: hiddenBy(seed), mode: 'leaky', path: 'mystery' });
  stopOnSignals(app);
  const url = await listen(app, settings);
  process.stdout.write(
    `mystery ${seed} on ${url}/mystery/random (pid ${process.pid}), Ctrl-C stops it\n` +
      `This service leaks. Check your answer with: npm run mystery -- --seed ${seed} --answer NAME\n`,
  );
}
