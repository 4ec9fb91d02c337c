import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** HEAP_TEST_NODE names another node binary to take the snapshots with. */
const NODE = process.env['HEAP_TEST_NODE'] ?? process.execPath;

export interface Snapshots extends AsyncDisposable {
  /** Runs a program of this folder that writes a heap snapshot of itself. Returns the path of the file. */
  take(program: 'heap-specimen.mjs' | 'heap-nest-app.mjs' | 'heap-waiting.mjs'): Promise<string>;
  readonly directory: string;
}

/** A temporary folder of snapshots, removed on disposal. */
export async function snapshots(): Promise<Snapshots> {
  const directory = await mkdtemp(join(tmpdir(), 'heap-test-'));
  return {
    directory,
    async take(program) {
      const file = join(directory, `${program}.heapsnapshot`);
      await run(NODE, [new URL(program, import.meta.url).pathname, file]);
      return file;
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}
