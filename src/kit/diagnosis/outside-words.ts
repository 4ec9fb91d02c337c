import { growthName, growthValue, type MemoryKind } from '../outside/index.js';
import type { LedgerChange } from './model/result.js';

/* The sentences about memory that is not V8's heap. */

/** Native memory that changed by less is not worth a sentence. */
const NOTABLE_BYTES = 4e6;

/** What changed outside V8's heap, in a sentence; null where nothing that matters did. */
export function ledgerText({ growths, malloc }: LedgerChange): string | null {
  const notable = growths.filter(
    ({ code, kind, first, last }) =>
      kind === 'leak' || (code === 'native-memory' && Math.abs(last - first) >= NOTABLE_BYTES),
  );
  if (notable.length === 0) return null;
  const changes = notable.map(
    ({ code, first, last }) =>
      `${growthName(code)} ${growthValue(code, first)} to ${growthValue(code, last)}`,
  );
  const use =
    malloc === null
      ? ''
      : ` Of malloc, ${(malloc.last.inUseBytes / 1e6).toFixed(1)} MB are in use and ${(malloc.last.freeBytes / 1e6).toFixed(1)} MB free.`;
  return `Outside V8's heap: ${changes.join(', ')}.${use}`;
}

/** What a mapping is used for, as the table of the ledger names it. */
export const MEMORY_NAMES: Record<MemoryKind, string> = {
  'v8-heap': "V8's heap, reserved",
  malloc: 'malloc',
  anonymous: 'anonymous, large blocks of malloc included',
  webassembly: 'WebAssembly',
  'thread-stacks': 'thread stacks',
  'generated-code': 'generated code',
  libraries: 'libraries',
  'mapped-files': 'mapped files',
  'shared-memory': 'shared memory',
  other: 'other',
};
