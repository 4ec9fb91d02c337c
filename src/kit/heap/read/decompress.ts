import { Readable, Transform, type TransformCallback, pipeline } from 'node:stream';
import * as zlib from 'node:zlib';

type Compression = 'gzip' | 'zstd' | 'brotli';

/** How a file begins. Brotli has no such mark and is known by the name of the file. */
const MARKS: readonly [Compression, readonly number[]][] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
];

/** The compression of a snapshot, by its first bytes or by the name of its file; null for none. */
export function compressionOf(first: Uint8Array, file = ''): Compression | null {
  const mark = MARKS.find(([, bytes]) => bytes.every((byte, at) => first[at] === byte));
  return mark?.[0] ?? (file.endsWith('.br') ? 'brotli' : null);
}

/** The chunks of a snapshot, decompressed where they are compressed. */
export async function* decompressed(
  chunks: AsyncIterable<Uint8Array>,
  file = '',
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    const first = await iterator.next();
    if (first.done) return;
    const all = withFirst(first.value, iterator);
    const compression = compressionOf(first.value, file);
    if (compression === null) yield* all;
    else {
      // The error of either stream reaches the reader through the last one.
      const decoder = await decoderOf(compression);
      pipeline(Readable.from(all, { objectMode: false }), decoder, () => {});
      yield* decoder as AsyncIterable<Uint8Array>;
    }
  } finally {
    await iterator.return?.(undefined);
  }
}

async function* withFirst(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  // A copy: the source fills its buffer again while the decoder still holds the chunk.
  yield Uint8Array.from(first);
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield Uint8Array.from(next.value);
}

async function decoderOf(compression: Compression): Promise<Transform> {
  switch (compression) {
    case 'gzip':
      return zlib.createGunzip();
    case 'brotli':
      return zlib.createBrotliDecompress();
    case 'zstd':
      return newerZlib.createZstdDecompress?.() ?? (await zstdDecoder());
  }
}

/** Node has zstd from 22.15 on; its types here are of Node 20. */
const newerZlib = zlib as typeof zlib & { createZstdDecompress?: () => Transform };

/** For an older Node, a decoder in JavaScript. */
async function zstdDecoder(): Promise<Transform> {
  // oxlint-disable-next-line no-restricted-imports -- loaded only where Node itself cannot
  const { Decompress } = await import('fzstd');
  const decoder = new Decompress();
  const pushed = (chunk: Uint8Array, isLast: boolean, done: TransformCallback): void => {
    try {
      decoder.push(chunk, isLast);
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const output = new Transform({
    transform: (chunk: Uint8Array, _encoding, done) => pushed(chunk, false, done),
    flush: (done) => pushed(new Uint8Array(0), true, done),
  });
  decoder.ondata = (data) => output.push(data);
  return output;
}
