import type { Mapping } from '../mappings.js';
import { countBlock, HEADER_BYTES, newTally, type Tally, type Visit } from './blocks.js';
import { type MemorySource, MemoryWindow } from './memory.js';
import { readGroups, type SlotGroup, UNIT_BYTES } from './musl-groups.js';
import type { Walked } from './walk.js';

/**
 * Walks every block of musl's malloc ("mallocng", since musl 1.2.1). A block counts with the bytes that were asked for
 * and malloc's own, rounded up to 16: not with its slot, which may be a fifth larger.
 *
 * @param visit sees each block in use. As with glibc, an address is 16 bytes before the memory of the block
 */
export function walkMusl(source: MemorySource, mappings: readonly Mapping[], visit?: Visit): Walked {
  const tally = newTally();
  const first = mappings.find(({ path, permissions }) => path === '[heap]' && permissions.startsWith('rw-'));
  const groups = first ? readGroups(source, first.start) : null;
  if (groups === null) return { ...tally, lost: 1, mappings };
  const memory = new MemoryWindow(source);
  const lost = groups.filter((group) => !isGroupWalked(memory, group, tally, visit)).length;
  return { ...tally, lost, mappings: withGroups(mappings, groups) };
}

/** Marks the mappings in which groups are: to the kernel, they are like any other. */
function withGroups(mappings: readonly Mapping[], groups: readonly SlotGroup[]): Mapping[] {
  let next = 0;
  return mappings.map((mapping) => {
    while (next < groups.length && groups[next]!.address < mapping.start) next += 1;
    const isMalloc = next < groups.length && groups[next]!.address < mapping.end;
    return isMalloc ? { ...mapping, isMalloc } : mapping;
  });
}

/** Whether all of its slots could be read. */
function isGroupWalked(
  memory: MemoryWindow,
  { address, entry, slots, used, strideBytes }: SlotGroup,
  tally: Tally,
  visit: Visit | undefined,
): boolean {
  if (memory.word(address) !== entry) return false;
  for (let index = 0; index < slots; index += 1) {
    const start = address + UNIT_BYTES + index * strideBytes;
    const block = used & (1 << index) ? blockIn(memory, { index, start, strideBytes }, slots === 1) : 'free';
    if (block === 'lost') return false;
    if (block === 'free') tally.freeBytes += strideBytes;
    if (typeof block === 'string') continue;
    countBlock(tally, block.size);
    visit?.(block.start - HEADER_BYTES, block.size);
  }
  return true;
}

interface Slot {
  index: number;
  start: number;
  strideBytes: number;
}

/** The three highest bits of a header say what the slot has instead of a block, or how much of its end is not used. */
const IS_GROUP = 6;
const IS_SHIFTED = 7;
const END_HAS_COUNT = 5;
const FREED = 255;
/** What a slot needs for itself (`IB`): the header of the next. */
const OWN_BYTES = 4;

/** @returns 'group' where the slot has smaller slots, 'free' where it was freed meanwhile, 'lost' where this is no slot */
function blockIn(
  memory: MemoryWindow,
  { index, start, strideBytes }: Slot,
  isAlone: boolean,
): { start: number; size: number } | 'group' | 'free' | 'lost' {
  let at = start;
  let header = headerAt(memory, at);
  if (header.flags === IS_SHIFTED && header.first !== FREED) {
    at = start + header.units * UNIT_BYTES;
    if (at < start + strideBytes) header = headerAt(memory, at);
  }
  if (header.first === FREED) return 'free';
  if (header.flags === IS_GROUP) return 'group';
  const end = start + strideBytes - OWN_BYTES;
  const unused = header.flags === END_HAS_COUNT ? memory.half(end - 4) : header.flags;
  const asked = end - unused - at;
  if (header.index === index && asked >= 0 && header.flags !== IS_SHIFTED)
    return { start: at, size: Math.max(1, Math.ceil((asked + OWN_BYTES) / UNIT_BYTES)) * UNIT_BYTES };
  // Alignment to more than a megabyte does not fit into a header, and such a block has a mapping of its own.
  return isAlone && !Number.isNaN(header.first) ? { start, size: strideBytes } : 'lost';
}

/** The four bytes before a block. */
function headerAt(
  memory: MemoryWindow,
  at: number,
): { first: number; flags: number; index: number; units: number } {
  const half = memory.half(at - OWN_BYTES);
  const first = Number.isNaN(half) ? half : (half >>> 8) & 255;
  return { first, flags: first >>> 5, index: first & 31, units: half >>> 16 };
}
