import v8 from 'node:v8';

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
