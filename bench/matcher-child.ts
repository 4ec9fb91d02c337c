import { growthOf } from '../src/kit/testing/index.js';
import { cases } from './matcher-cases.js';

/*
 * One test process: every case again and again, as a long file of tests would. Prints a line for each run:
 * case, kind, milliseconds, calls.
 */
const [runs = '1'] = process.argv.slice(2);
for (let run = 0; run < Number(runs); run += 1) {
  for (const { name, make } of cases) {
    // What is asked is whether it errs, not how it fares on a machine that is busy with other things.
    const { kind, elapsedMs, calls } = await growthOf(make(), { name: false, atMostMs: 20_000 });
    console.log(JSON.stringify({ name, kind, elapsedMs, calls }));
  }
}
