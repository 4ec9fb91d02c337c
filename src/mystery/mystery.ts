import { createApp } from '../app.js';
import { readOptions } from '../command/options.js';
import { run } from '../command/run.js';
import { Problem } from '../kit/problem.js';
import { listen, stopOnSignals } from '../lifecycle.js';
import { anySeed, checkAnswer, hiddenBy, mysteryAbout, mysteryOptions } from './quiz.js';
import { readSettings } from '../settings.js';

async function mystery(argv: string[]): Promise<number | undefined> {
  const { seed, answer, giveUp, port } = readOptions(mysteryOptions, argv, process.env);
  if (answer !== undefined && giveUp)
    throw new Problem('LEAK_LAB_SETTINGS', 'give either --answer NAME or --give-up, not both');
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
      `This service leaks. Check your answer with: npm run mystery -- --seed ${seed} --answer NAME\n`,
  );
}

await run(mysteryAbout, mystery, process.argv.slice(2));
