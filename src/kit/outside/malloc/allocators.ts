import type { Allocator } from '../ledger.js';
import type { Mapping } from '../mappings.js';
import type { Visit } from './blocks.js';
import type { MemorySource } from './memory.js';
import { walkMusl } from './walk-musl.js';
import { walkMalloc, type Walked } from './walk.js';

type Walk = (source: MemorySource, mappings: readonly Mapping[], visit?: Visit) => Walked;

/** A program that is linked statically shows no library. What musl notes of its memory is not mistaken for anything else. */
const WALKS: Partial<Record<Allocator, Walk>> = {
  glibc: (source, mappings, visit) => ({ ...walkMalloc(source, mappings, visit), mappings }),
  musl: walkMusl,
  unknown: walkMusl,
};

/** How the blocks of an allocator are read; null where that is not known. */
export const walkOf = (allocator: Allocator): Walk | null => WALKS[allocator] ?? null;
