import { consoleBench } from './console.js';
import { diagnoseBench } from './diagnose.js';
import { directoryBench } from './directory.js';
import { heapBench } from './heap.js';
import { monitorBench } from './monitor.js';
import { matcherBench } from './matcher.js';
import { routeBench } from './route.js';
import { verdictBench } from './verdict-power.js';

/** `npm run bench -- route` runs one; without a name all run. The exit code is 1 when a figure misses its mark. */
const benches: Record<string, () => boolean | void | Promise<boolean | void>> = {
  directory: directoryBench,
  route: routeBench,
  verdict: verdictBench,
  heap: heapBench,
  diagnose: diagnoseBench,
  monitor: monitorBench,
  console: consoleBench,
  matcher: matcherBench,
};

const names = process.argv.slice(2);
for (const [name, bench] of Object.entries(benches)) {
  if (names.length > 0 && !names.includes(name)) continue;
  if ((await bench()) === false) process.exitCode = 1;
  console.log();
}
