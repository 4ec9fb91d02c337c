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
  heldBy: NativeBlocks['heldBy'];
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
        heldBy: one.heldBy,
      });
  }
  return [...families.values()].toSorted((a, b) => b.bytesPerWork - a.bytesPerWork);
}

function add(family: Family, one: NativeBlocks): void {
  // The object itself says best who holds it; of its sizes, the one that takes most.
  const isOwn = ({ type, heldBy }: NativeBlocks): boolean =>
    type?.name === family.type?.name && heldBy !== null;
  if (isOwn(one) && !family.blocks.some((other) => isOwn(other))) family.heldBy = one.heldBy;
  family.blocks.push(one);
  family.perWork += one.perWork;
  family.bytesPerWork += one.bytesPerWork;
}

function outermost({ type, heldBy }: NativeBlocks, grown: ReadonlySet<string>): SymbolName | null {
  const owner = heldBy?.through.findLast((link) => link.type !== null && grown.has(link.type.name));
  return owner?.type ?? type;
}
