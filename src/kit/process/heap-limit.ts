import v8 from 'node:v8';
import type { InspectorSession } from './session.js';

const MiB = 2 ** 20;
/**
 * Size of the young generation by Node's major version. V8 counts it in `heap_size_limit`, but long-lived objects cannot
 * use it: with `--max-old-space-size=64` the limit reads 112, 256 or 160 MB, and V8 aborts at 64.
 */
const YOUNG_BYTES: Readonly<Record<string, number>> = {
  18: 48 * MiB,
  20: 48 * MiB,
  22: 48 * MiB,
  24: 192 * MiB,
  26: 96 * MiB,
};
/** For an unknown version: the largest. A limit that is too low sheds load early; one that is too high, never. */
const LARGEST_YOUNG_BYTES = 192 * MiB;
/** The young generation is three semi-spaces. */
const SEMI_SPACES = 3;
/** The young generation is subtracted only down to this share of the limit. */
const LEAST_OLD_SHARE = 0.25;

/** What the limit of a process depends on. */
export interface HeapLimitFacts {
  /** `process.versions.node`. */
  version: string;
  /** V8's `heap_size_limit`. */
  limitBytes: number;
  /** Those of NODE_OPTIONS, then those of the command line. */
  flags: string[];
}

/** The limit of V8's old generation, where all long-lived objects are, in bytes. V8 aborts when it is exceeded. */
export function oldGenerationLimitOf({ version, limitBytes, flags }: HeapLimitFacts): number {
  const oldSpace = megabytesOf('max-old-space-size', flags);
  if (oldSpace) return oldSpace * MiB;
  const [major = ''] = version.split('.');
  const semiSpace = megabytesOf('max-semi-space-size', flags);
  const young = semiSpace ? SEMI_SPACES * semiSpace * MiB : (YOUNG_BYTES[major] ?? LARGEST_YOUNG_BYTES);
  return Math.max(limitBytes - young, limitBytes * LEAST_OLD_SHARE);
}

/** The limit of this process. @param flags the flags of this process */
export function oldGenerationLimitBytes(flags = ownFlags()): number {
  const { heap_size_limit: limitBytes } = v8.getHeapStatistics();
  return oldGenerationLimitOf({ version: process.versions.node, limitBytes, flags });
}

/** The limit of the process at the other end of a session. */
export async function remoteOldGenerationLimit(session: InspectorSession): Promise<number> {
  const { result } = await session.post('Runtime.evaluate', {
    expression: `({
      version: process.versions.node,
      limitBytes: (process.getBuiltinModule?.('v8') ?? require('v8')).getHeapStatistics().heap_size_limit,
      flags: [...(process.env.NODE_OPTIONS ?? '').split(/\\s+/), ...process.execArgv],
    })`,
    includeCommandLineAPI: true,
    returnByValue: true,
  });
  return oldGenerationLimitOf(result.value as HeapLimitFacts);
}

/** Flags of the command line come last, because Node lets them override NODE_OPTIONS. */
function ownFlags(): string[] {
  return [...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/), ...process.execArgv];
}

function megabytesOf(name: string, flags: string[]): number | undefined {
  const values = flags.flatMap((flag) => {
    const [, spelled, value] = /^--([\w-]+)=(\d+)$/.exec(flag) ?? [];
    return spelled?.replaceAll('_', '-') === name ? [Number(value)] : [];
  });
  return values.at(-1);
}
