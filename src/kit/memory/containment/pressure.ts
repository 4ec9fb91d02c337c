import v8 from 'node:v8';

/** How much of a kind of memory is in use. */
export interface Pressure {
  of: 'heap' | 'container';
  usedBytes: number;
  limitBytes: number;
  /** Of the limit, 0 to 1 and above. */
  share: number;
}

const MiB = 2 ** 20;
/**
 * What V8 sets aside for the young generation, by Node's major version: it is in `heap_size_limit`, but what is kept
 * cannot use it. With `--max-old-space-size=64` the limit reads 112, 256 or 160 MB, and the end comes at 64.
 */
const YOUNG_BYTES: Record<string, number> = { 20: 48 * MiB, 22: 48 * MiB, 24: 192 * MiB, 26: 96 * MiB };
/** Of a version that nobody has looked at: the most. A limit taken too low refuses early; too high, never. */
const MOST_YOUNG_BYTES = 192 * MiB;
/** The young generation is three semi-spaces. */
const SEMI_SPACES = 3;
/** No reserve is larger than what it is taken from. */
const LEAST_OLD_SHARE = 0.25;

/**
 * Where V8 gives up: what its old generation, where everything that lasts ends up, may take.
 *
 * @param flags with which this process was started
 */
export function oldGenerationLimitBytes(flags = ownFlags()): number {
  const told = megabytesOf('max-old-space-size', flags);
  if (told) return told * MiB;
  const { heap_size_limit: limit } = v8.getHeapStatistics();
  const [major] = process.versions.node.split('.');
  const semiSpace = megabytesOf('max-semi-space-size', flags);
  const young = semiSpace ? SEMI_SPACES * semiSpace * MiB : (YOUNG_BYTES[major!] ?? MOST_YOUNG_BYTES);
  return Math.max(limit - young, limit * LEAST_OLD_SHARE);
}

/** Those of the command line come last, and win. */
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

/** What the old generation holds. Right after a major collection that is what is kept; later it is garbage as well. */
export function heapPressure(limitBytes = oldGenerationLimitBytes()): Pressure {
  const usedBytes = v8
    .getHeapSpaceStatistics()
    .filter(({ space_name: name }) => !name.startsWith('new_'))
    .reduce((bytes, space) => bytes + space.space_used_size, 0);
  return { of: 'heap', usedBytes, limitBytes, share: usedBytes / limitBytes };
}

/**
 * The resident set, of what the container (cgroup) may take; undefined outside of one. Garbage counts here: the
 * kernel does not ask what it is before it kills.
 */
export function containerPressure(): Pressure | undefined {
  const limitBytes = process.constrainedMemory();
  // Without a limit it is 0, or more than any machine has.
  if (!limitBytes || limitBytes > Number.MAX_SAFE_INTEGER) return undefined;
  const usedBytes = process.memoryUsage.rss();
  return { of: 'container', usedBytes, limitBytes, share: usedBytes / limitBytes };
}
