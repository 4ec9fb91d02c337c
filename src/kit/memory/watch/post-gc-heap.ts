import v8 from 'node:v8';

/**
 * V8's spaces for new objects and for compiled code. The young generation is excluded because some milliseconds pass
 * between a collection and its notification, and new garbage is there by then.
 */
const EXCLUDED_SPACES = /^(new_|code_|trusted_)/;

/** The post-GC heap without compiled code, in bytes. It is right only soon after a major collection. */
export function postGcHeapBytes(): number {
  return v8
    .getHeapSpaceStatistics()
    .filter(({ space_name: name }) => !EXCLUDED_SPACES.test(name))
    .reduce((bytes, space) => bytes + space.space_used_size, 0);
}
