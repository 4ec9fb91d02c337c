import type { Allocator, GrowthCode, MemoryKind } from '../outside/index.js';
import type { Verdict } from '../verdict/index.js';
import type { DiagnosisReason } from './model/notes.js';
import type { LedgerChange } from './model/result.js';

/* The sentences about memory that is not V8's heap. */

/** What grows under this code, in the plural. */
export function growthName(code: GrowthCode): string {
  if (code.startsWith('handles:')) return `${code.slice('handles:'.length).replace(/Wrap$/, '')} handles`;
  return NAMES[code as keyof typeof NAMES];
}

const NAMES: Record<Exclude<GrowthCode, `handles:${string}`>, string> = {
  files: 'open files',
  sockets: 'open sockets',
  pipes: 'open pipes',
  watches: 'file watches',
  'other-descriptors': 'other open descriptors',
  threads: 'native threads',
  children: 'child processes',
  contexts: 'V8 contexts',
  'webassembly-memories': 'WebAssembly memories',
  'native-memory': 'native memory',
  'children-memory': 'memory of child processes',
};

const BYTES = new Set<GrowthCode>(['native-memory', 'children-memory']);

/** Why a leak outside the heap is one. */
export function outsideText(
  { what, perWork, gained, heapGrows, rested, limit }: Extract<DiagnosisReason, { code: 'leaks-outside-v8' }>,
  unit: string,
): string {
  const name = growthName(what);
  const amount = (value: number): string =>
    BYTES.has(what) ? Math.round(value).toLocaleString('en') : `${Number(value.toPrecision(3))}`;
  const heap = heapGrows ? 'The heap grows, and so does what is outside it' : 'The heap does not show it';
  const atLimit =
    limit === null
      ? ''
      : ` The process may have ${limit.toLocaleString('en')} files and sockets open; then it fails with EMFILE.`;
  return `${heap}: ${name} ${BYTES.has(what) ? 'grows' : 'grow'} by ${amount(perWork.estimate)}${BYTES.has(what) ? ' bytes' : ''} per ${unit} (${amount(perWork.low)} to ${amount(perWork.high)}), ${BYTES.has(what) ? `${(gained / 1e6).toFixed(1)} MB` : gained.toLocaleString('en')} during the measurement${rested ? ', and a rest gave nothing back' : ''}.${atLimit}`;
}

/** The verdict on one series, in a sentence or two. */
export function growthText(
  code: GrowthCode,
  { growthRate, work, readings, unit, kind }: Verdict<unknown>,
): string {
  const name = growthName(code);
  const subject = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  if (growthRate === null) return `${subject}: ${readings} readings are too few.`;
  const { estimate, low, high } = growthRate;
  const bytes = BYTES.has(code) ? ' bytes' : '';
  return `${subject} changed by ${figure(estimate)}${bytes} per ${unit} (${figure(low)} to ${figure(high)}) over the last ${work.toLocaleString('en')} ${unit}s (${readings} readings). ${CONCLUSIONS[kind]}`;
}

const figure = (value: number): string =>
  Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 6 });

const CONCLUSIONS = {
  leak: 'The growth does not end.',
  bounded: 'That is not growth.',
  unsettled: 'Measure longer to see whether it ends.',
};

/** A value as the table of the ledger shows it. */
export function growthValue(code: GrowthCode, value: number): string {
  return BYTES.has(code) ? `${(value / 1e6).toFixed(1)} MB` : value.toLocaleString('en');
}

export function mallocNotReadText(allocator: Allocator): string {
  return allocator === 'glibc'
    ? 'Blocks of malloc could not be read (/proc/PID/mem), so that growth outside V8 is known by the resident set alone. Run leak-lab as the user of the process, or as root where Yama forbids it.'
    : `The allocator is ${allocator === 'unknown' ? 'not known' : allocator}, whose blocks cannot be read: growth outside V8 is known by the resident set alone.`;
}

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
