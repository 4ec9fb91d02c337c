import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * The bundle of `inside/entry.ts`, which `npm run build` writes into `dist` (`rolldown.config.js`). Where a test runs
 * this file as it is written, the bundle of the last build is read.
 */
const BUNDLE = fileURLToPath(
  new URL('inside.bundle.js', import.meta.url.replace(/\/src\/kit\/(.*)\.ts$/, '/dist/src/kit/$1.js')),
);

/** The probe as one expression that defines nothing: `require` exists where the command line API does. */
export async function probeSource(): Promise<string> {
  const bundle = await readFile(BUNDLE, 'utf8'); // it declares `leakLabProbe`, here inside a function
  return `(() => { ${bundle}\nreturn leakLabProbe.createProbe(typeof require === 'function' ? require : undefined); })()`;
}
