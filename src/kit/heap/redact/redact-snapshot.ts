import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { HeapSnapshotError } from '../errors.js';
import { hiddenText } from '../read/hidden-text.js';
import { readHeapGraph } from '../read/read-heap-snapshot.js';
import { openSource } from '../read/source.js';
import { StringSection } from '../read/string-section.js';
import { decode } from '../read/string-table.js';
import { namesToKeep } from './names-to-keep.js';

export interface Redaction {
  /** How many texts were replaced, and how many names of code stay. */
  replaced: number;
  kept: number;
}

/**
 * Writes the same snapshot with the contents of its strings replaced. Lengths, names of code, sizes and the graph stay,
 * so that an analysis of both gives the same result. It reads the file twice: the graph tells which strings are names.
 *
 * @throws HeapSnapshotError
 */
export async function redactSnapshot(file: string, to: string, signal?: AbortSignal): Promise<Redaction> {
  const graph = await readHeapGraph(file, signal);
  const keep = namesToKeep(graph);
  // A file that is there already is not replaced: it may be the only copy of another snapshot.
  const output = createWriteStream(to, { flags: 'wx', mode: 0o600 });
  try {
    await once(output, 'open');
  } catch (cause) {
    throw new HeapSnapshotError('HEAP_UNREADABLE', `${to} cannot be written`, null, { cause });
  }
  try {
    const result = await rewrite({ file, output, keep, start: graph.strings.start, signal });
    output.end();
    await finished(output);
    return result;
  } catch (error) {
    output.destroy();
    await unlink(to).catch(() => {});
    throw error;
  }
}

interface Rewriting {
  file: string;
  output: WriteStream;
  keep: Uint8Array;
  /** Where the section of strings starts in the snapshot. */
  start: number;
  signal: AbortSignal | undefined;
}

async function rewrite({ file, output, keep, start, signal }: Rewriting): Promise<Redaction> {
  const { chunks } = await openSource(file);
  const strings = new RedactedStrings(keep);
  const section = new StringSection(strings);
  let base = 0;
  let ended = false;
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    let from = 0;
    if (base + chunk.length <= start || ended) await write(output, chunk);
    else {
      if (base < start) {
        from = start - base;
        await write(output, chunk.subarray(0, from));
      }
      const after = section.write(chunk, from, base);
      await write(output, strings.taken());
      if (after >= 0) {
        ended = true;
        await write(output, Buffer.concat([Buffer.from(']'), chunk.subarray(after)]));
      }
    }
    base += chunk.length;
  }
  return { replaced: strings.replaced, kept: strings.count - strings.replaced };
}

async function write(output: WriteStream, bytes: Uint8Array): Promise<void> {
  // A copy: the source fills its buffer again.
  if (bytes.length > 0 && !output.write(Buffer.from(bytes))) await once(output, 'drain');
}

/** Collects the strings of a section as they are written again. */
class RedactedStrings {
  count = 0;
  replaced = 0;
  #text = '[';

  constructor(private readonly keep: Uint8Array) {}

  begin(): void {}
  piece(): void {}

  string(bytes: Uint8Array, start: number, end: number, offset: number, endOffset: number): void {
    const at = this.count++;
    this.#text += at === 0 ? '' : ',\n';
    const raw = bytes.subarray(start, end);
    const text = decode(raw);
    const isWhole = endOffset - offset === end - start;
    const shown = this.keep[at] === 1 && isWhole ? text : hiddenText(at, text);
    if (shown !== text) this.replaced++;
    this.#text += JSON.stringify(shown);
  }

  taken(): Buffer {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    return bytes;
  }
}
