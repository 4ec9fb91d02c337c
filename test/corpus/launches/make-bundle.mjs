// One scope with 4,000 functions and as many variables, as bundlers make it.
import { readFile, writeFile } from 'node:fs/promises';

const parts = Array.from(
  { length: 4_000 },
  (_, at) =>
    `const table${at} = { at: ${at} };\nfunction part${at}(value) { return table${at}.at + (value ?? 0) + part${(at + 1) % 4_000}.length; }`,
);
const service = (await readFile('orders.mjs', 'utf8'))
  .replace("import { createServer } from 'node:http';", "const { createServer } = require('node:http');")
  .replace('export function', 'function')
  .replace('count += 1;', 'count += part0(count) > -1 ? 1 : 0;');
await writeFile('bundle.cjs', `(() => {\n${parts.join('\n')}\n${service}\n})();\n`);
