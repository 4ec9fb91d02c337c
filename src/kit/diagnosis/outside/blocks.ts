import { type BlockChange, type FoundBlocks, grownBlocksOf, lookAtBlocks } from '../../outside/index.js';
import type { NativeBlocks } from '../model/result.js';
import { familiesOf, type Family } from '../model/native-families.js';

/** Kinds of blocks that take less of the growth than this are left out, and so are those after the first ones. */
const LEAST_SHARE = 0.01;
const MOST_KINDS = 12;

/** The blocks by which malloc grew; empty where they cannot be read. The process should be at rest. */
export function nativeBlocks(pid: number, change: BlockChange | null): NativeBlocks[] {
  const now = change && change.work > 0 ? lookAtBlocks(pid) : null;
  if (!change || !now) return [];
  return worthKeeping(grownBlocksOf(pid, change, now)).map(
    ({ blockBytes, gained, type, contains, pointsTo, text, retainedBy }) => ({
      blockBytes,
      perWork: gained / change.work,
      bytesPerWork: (gained * blockBytes) / change.work,
      type,
      contains,
      pointsTo,
      sampleText: text,
      retainedBy,
    }),
  );
}

/** The kinds that take most, and the small objects to which these belong. */
function worthKeeping(found: readonly FoundBlocks[]): FoundBlocks[] {
  const total = found.reduce((sum, { gained, blockBytes }) => sum + gained * blockBytes, 0);
  const large = found
    .filter(({ gained, blockBytes }) => gained * blockBytes >= LEAST_SHARE * total)
    .slice(0, MOST_KINDS);
  const owners = new Set(
    large.flatMap(({ retainedBy }) => retainedBy?.through.flatMap(({ type }) => type?.name ?? []) ?? []),
  );
  return found.filter((one) => large.includes(one) || (one.type !== null && owners.has(one.type.name)));
}

/** What takes less than this of the blocks does not stand for them. */
const MOST_OF_BLOCKS = 0.5;

/** The class to which most of the bytes belong; null where none is known. */
export function mainType(blocks: readonly NativeBlocks[]): Family['type'] {
  return mainFamily(blocks)?.type ?? null;
}

/** The class to which most of the bytes belong, if objects of JavaScript retain it, and how often it is made. */
export function retainedByJavaScript(
  blocks: readonly NativeBlocks[],
): { type: NonNullable<Family['type']>; perWork: number } | null {
  const family = mainFamily(blocks);
  if (family?.retainedBy?.by !== 'javascript' || family.type === null) return null;
  const own = family.blocks.filter(({ type }) => type?.name === family.type?.name);
  const perWork = own.reduce((sum, one) => sum + one.perWork, 0);
  return perWork > 0 ? { type: family.type, perWork } : null;
}

function mainFamily(blocks: readonly NativeBlocks[]): Family | undefined {
  const total = blocks.reduce((sum, { bytesPerWork }) => sum + bytesPerWork, 0);
  const [first] = familiesOf(blocks);
  return first && first.bytesPerWork >= MOST_OF_BLOCKS * total ? first : undefined;
}
