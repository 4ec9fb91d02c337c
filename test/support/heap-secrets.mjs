// Puts secrets into every place of a heap that a string can be in, and writes a snapshot of itself.
// node heap-secrets.mjs FILE SECRET…: each secret is an argument, so that it is not in this source.
import { writeHeapSnapshot } from 'node:v8';

const [file, ...secrets] = process.argv.slice(2);
const [key, value, piece, slice, source, dynamic, field, symbol, pattern, message, number, called, hot] =
  secrets;
const flat = (text) => Buffer.from(text).toString();

class Account {
  constructor(name) {
    this.owner = flat(value);
    this[name] = 1;
  }
}

const settings = { [dynamic]: 1, known: flat(value) };
for (let at = 0; at < 2_000; at++) settings[`${dynamic}${at}`] = at;
const long = flat(`${slice} ${'x'.repeat(200)}`);
globalThis.vault = {
  map: new Map([[flat(key), { secret: flat(value) }]]),
  set: new Set([flat(key)]),
  account: new Account(field),
  settings,
  rope: `${flat(piece)}${Math.random()}`.concat('y'.repeat(50), flat(piece)),
  slice: long.slice(0, slice.length),
  // oxlint-disable-next-line no-implied-eval -- a secret in the source of a function
  run: new Function(`return '${source}'; // ${source}`),
  symbol: { [Symbol(symbol)]: 1 },
  pattern: new RegExp(pattern),
  error: new Error(message),
  number: flat(number),
  weak: new WeakMap([[settings, flat(value)]]),
  called: Object.defineProperty(() => 1, 'name', { value: called }),
  computed: { [called]() {} },
  env: { ...process.env },
};
process.env.SECRET_OF_TEST = value;
// Optimized code has the key that it was always called with.
const remember = (name, at) => (globalThis.vault.tenants[name] ??= []).push(at);
globalThis.vault.tenants = {};
for (let at = 0; at < 20_000; at++) remember(hot, at);
globalThis.vault.run();
globalThis.vault.computed[called]();
writeHeapSnapshot(file);
process.exit(0);
