import { createApp } from './app.js';
import type { About } from './command/help.js';
import { readKnobs } from './command/knobs.js';
import { COULD_NOT, run } from './command/run.js';
import { listen, stopOnSignals } from './lifecycle.js';
import { anySeed, checkAnswer, hiddenBy, mysteryKnobs, WRONG } from './riddle.js';
import { readSettings } from './settings.js';

const about: About = {
  usage: 'npm run mystery -- [flags]',
  purpose: 'Starts a service with a leak of the gallery, and does not say which. Name it.',
  knobs: mysteryKnobs,
  examples: ['npm run mystery', 'npm run mystery -- --seed 7 --answer listeners'],
  exits: {
    0: 'ended by a signal; or the answer is right',
    [WRONG]: 'the answer is wrong',
    [COULD_NOT]: 'could not start, or could not tell',
  },
};

async function mystery(argv: string[]): Promise<number | undefined> {
  const { seed, answer, giveUp, port } = readKnobs(mysteryKnobs, argv, process.env);
  if (answer ?? giveUp) return checkAnswer(seed, answer);
  await serve(seed ?? anySeed(), port);
  return undefined;
}

async function serve(seed: number, port: number): Promise<void> {
  process.debugPort = 0;
  const settings = { ...readSettings(), port };
  const app = await createApp(settings, { specimen: hiddenBy(seed), mode: 'leaky', path: 'mystery' });
  stopOnSignals(app);
  const url = await listen(app, settings);
  process.stdout.write(
    `mystery ${seed} on ${url}/mystery/random (pid ${process.pid}), Ctrl-C stops it\n` +
      `Something in it leaks. When you know what: npm run mystery -- --seed ${seed} --answer NAME\n`,
  );
}

await run(about, mystery, process.argv.slice(2));
