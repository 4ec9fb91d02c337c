// Runs one of the programs in leaks/ and writes two heap snapshots of it, before and after most of its leak.
// node leak-snapshots.mjs PROGRAM BEFORE AFTER [REQUESTS]
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { writeHeapSnapshot } from 'node:v8';

const [program, before, after, requests = '10000'] = process.argv.slice(2);
const { request } = await import(pathToFileURL(program).href);
const some = async (count) => {
  for (let at = 0; at < count; at++) {
    void request();
    if (at % 100 === 0) await setImmediate();
  }
};
await some(Number(requests) / 5);
writeHeapSnapshot(before);
await some(Number(requests));
writeHeapSnapshot(after);
process.exit(0);
