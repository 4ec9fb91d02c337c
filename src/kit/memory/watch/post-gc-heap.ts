import v8 from 'node:v8';

/** Where V8 puts what is new, and what it compiles: neither is what the program keeps. */
const NOT_KEPT = /^(new_|code_|trusted_)/;

/**
 * What the program keeps on the heap, in bytes, when read soon after a major collection. The young generation is left
 * out: by the time that anybody hears of a collection, some milliseconds of new garbage are there.
 */
export function keptHeapBytes(): number {
  return v8
    .getHeapSpaceStatistics()
    .filter(({ space_name: name }) => !NOT_KEPT.test(name))
    .reduce((bytes, space) => bytes + space.space_used_size, 0);
}
