import { ownKeysOf, isObject, type UtilTypes, sizeOf, valueAt } from './reflect.js';
import type { ContainerValue } from './walk-result.js';

/** An entry with less in it is like any other. */
const HEAVY_BYTES = 2_000;
/** At the least, of one entry of a container within the entry. */
const ENTRY_BYTES = 20;
/** Of a larger Map or Set, the first entry is read: the newest is at the end of an iteration. */
const MOST_PASSED = 5_000;
const MOST_PROPERTIES = 20;

/**
 * At least so many bytes that the newest entry of a container has, where it is a large container, text or buffer itself,
 * or has one in a property; 0 for any other entry. A list of lists gains few entries, each of great weight.
 */
export function heavyEntryBytes(container: ContainerValue, types: UtilTypes): number {
  const entry = newestEntry(container);
  const nested =
    isObject(entry) && !types.isProxy(entry) && !Array.isArray(entry)
      ? ownKeysOf(entry)
          .slice(0, MOST_PROPERTIES)
          .map((key) => valueAt(entry, key))
      : [];
  const bytes = [entry, ...nested].reduce((sum: number, value) => sum + bytesOf(value, types), 0);
  return bytes >= HEAVY_BYTES ? bytes : 0;
}

function bytesOf(value: unknown, types: UtilTypes): number {
  if (typeof value === 'string') return value.length;
  if (!isObject(value) || types.isProxy(value)) return 0;
  if (Array.isArray(value)) return ENTRY_BYTES * value.length;
  if (types.isMap(value)) return ENTRY_BYTES * sizeOf(value, true);
  if (types.isSet(value)) return ENTRY_BYTES * sizeOf(value, false);
  return types.isArrayBufferView(value) || types.isAnyArrayBuffer(value) ? value.byteLength : 0;
}

function newestEntry(container: ContainerValue): unknown {
  switch (container.kind) {
    case 'Array':
      return valueAt(container.object, container.object.length - 1);
    case 'Map':
      return lastOf(Map.prototype.values.call(container.object), sizeOf(container.object, true));
    case 'Set':
      return lastOf(Set.prototype.values.call(container.object), sizeOf(container.object, false));
    case 'Object': {
      const key = ownKeysOf(container.object).at(-1);
      return key === undefined ? undefined : valueAt(container.object, key);
    }
    case 'List':
    case 'Buffer':
    case 'String':
      return undefined;
  }
}

function lastOf(values: Iterable<unknown>, size: number): unknown {
  let last: unknown;
  for (const value of values) {
    last = value;
    if (size > MOST_PASSED) break;
  }
  return last;
}
