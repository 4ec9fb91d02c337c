import { growthOf } from '../src/kit/testing/index.js';
import { type PatternName } from '../src/specimens/names.js';
import { pairs } from '../src/specimens/pairs.js';
import { callOf, type Half } from './gallery-calls.js';

/* One half of a pair under the test matcher, in a process of its own. */
const [name, half] = process.argv.slice(2) as [PatternName, Half];
const { kind, reason, suspects, elapsedMs } = await growthOf(callOf(pairs[name], half), {
  atMostMs: 60_000,
  name: false,
});
console.log(JSON.stringify({ kind, reason, suspects, elapsedMs }));
process.exit();
