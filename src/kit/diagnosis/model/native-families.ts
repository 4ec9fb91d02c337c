import type { SymbolName } from '../../outside/index.js';
import type { NativeBlocks } from './result.js';

/** Blocks that belong to objects of one class, of which there are more as well: those that are reached through them, and their own. */
export interface Family {
  /** Null for blocks of one size that belong to no such object. */
  type: SymbolName | null;
  blocks: NativeBlocks[];
  /** Blocks, and their bytes, for each unit of work. */
  perWork: number;
  bytesPerWork: number;
  retainedBy: NativeBlocks['retainedBy'];
}

/** Blocks by the object that they belong to, those that take most first. */
export function familiesOf(blocks: readonly NativeBlocks[]): Family[] {
  const families = new Map<string, Family>();
  // What points to new blocks and is not new itself, such as a list of Node's own, is not what they belong to.
  const grown = new Set(blocks.flatMap(({ type }) => (type ? [type.name] : [])));
  for (const one of blocks) {
    const type = outermost(one, grown);
    const key = type
      ? `${type.library} ${type.name}`
      : `${one.blockBytes} ${(one.contains ?? one.pointsTo)?.name} ${one.sampleText !== null}`;
    const family = families.get(key);
    if (family) add(family, one);
    else
      families.set(key, {
        type,
        blocks: [one],
        perWork: one.perWork,
        bytesPerWork: one.bytesPerWork,
        retainedBy: one.retainedBy,
      });
  }
  return [...families.values()].toSorted((a, b) => b.bytesPerWork - a.bytesPerWork);
}

function add(family: Family, one: NativeBlocks): void {
  // The object itself says best what retains it; of its sizes, the one that takes most.
  const isOwn = ({ type, retainedBy }: NativeBlocks): boolean =>
    type?.name === family.type?.name && retainedBy !== null;
  if (isOwn(one) && !family.blocks.some((other) => isOwn(other))) family.retainedBy = one.retainedBy;
  family.blocks.push(one);
  family.perWork += one.perWork;
  family.bytesPerWork += one.bytesPerWork;
}

function outermost({ type, retainedBy }: NativeBlocks, grown: ReadonlySet<string>): SymbolName | null {
  const owner = retainedBy?.through.findLast((link) => link.type !== null && grown.has(link.type.name));
  return owner?.type ?? type;
}
