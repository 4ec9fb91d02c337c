import { parseArgs } from 'node:util';
import { Problem } from '../src/kit/problem.js';
import { compareBench } from './compare.js';
import { consoleBench } from './console.js';
import { diagnoseBench } from './diagnose.js';
import { directoryBench } from './directory.js';
import { heapBench } from './heap.js';
import { matcherBench } from './matcher.js';
import { monitorBench } from './monitor.js';
import type { Figures, Outcome } from './outcome.js';
import { queryBench } from './query.js';
import { changes, readResults, saveResults } from './results.js';
import { routeBench } from './route.js';
import { verdictBench } from './verdict-power.js';

/**
 * Measures speed, cost and error rates. The exit code is 1 when a figure exceeds its limit.
 *
 *   npm run bench                          all parts
 *   npm run bench -- route heap            some parts
 *   npm run bench -- --save                also write the figures to bench/results/VERSION.json
 *   npm run bench -- --compare [FILE]      also print the change against a saved run (default: the newest release)
 */
const benches: Record<string, () => Outcome | Promise<Outcome>> = {
  directory: directoryBench,
  route: routeBench,
  verdict: verdictBench,
  compare: compareBench,
  heap: heapBench,
  query: queryBench,
  diagnose: diagnoseBench,
  monitor: monitorBench,
  console: consoleBench,
  matcher: matcherBench,
};

try {
  const { names, save, before } = readArguments(process.argv.slice(2));
  const results: Record<string, Figures> = {};
  for (const [name, bench] of Object.entries(benches)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const { figures, passed } = await bench();
    results[name] = figures;
    if (!passed) process.exitCode = 1;
    console.log();
  }
  if (before) console.log(changes(before, results).join('\n'));
  if (save) console.log(`Saved: ${saveResults(results)}`);
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`bench: ${error.message} [${error.code}]\n`);
  process.exitCode = 2;
}

function readArguments(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { save: { type: 'boolean', default: false }, compare: { type: 'boolean', default: false } },
  });
  const file = positionals.find((one) => one.endsWith('.json'));
  const names = positionals.filter((one) => !one.endsWith('.json'));
  const unknown = names.filter((name) => !Object.hasOwn(benches, name));
  if (unknown.length > 0) {
    throw new Problem(
      'LEAK_LAB_SETTINGS',
      `there is no part ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`,
    );
  }
  return { names, save: values.save, before: values.compare ? readResults(file) : null };
}
