import { growthOf } from '../src/kit/testing/index.js';
import { cases } from './matcher-cases.js';

/* One test process that runs every case repeatedly, as a long test file would. Prints one JSON line per run. */
const [runs = '1'] = process.argv.slice(2);
for (let run = 0; run < Number(runs); run += 1) {
  for (const { name, make } of cases) {
    // A long limit, so that a busy machine does not make verdicts unsettled.
    const { kind, elapsedMs, calls } = await growthOf(make(), { name: false, atMostMs: 20_000 });
    console.log(JSON.stringify({ name, kind, elapsedMs, calls }));
  }
}
