import { patternNames } from '../../src/specimens/names.js';
import { retainedBy } from './gauges.js';
import { specimenApp } from './specimens.js';

/*
 * Prints what the leaky half of a specimen retains after its requests: `node --expose-gc measure-half.js NAME [ENOUGH]`.
 * It is run in a copy of the repository in which that half was patched.
 */
const [, , asked, enough] = process.argv;
const name = patternNames.find((one) => one === asked);
if (name === undefined) throw new Error(`there is no specimen ${asked}`);
const app = await specimenApp(name, 'leaky');
console.log(await retainedBy(app, name, enough === undefined ? undefined : Number(enough)));
await app.close();
