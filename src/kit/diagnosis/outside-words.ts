import type { Allocator, GrowthCode } from '../outside/index.js';
import type { DiagnosisReason } from './model/notes.js';

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

/** A value as the table of the ledger shows it. */
export function growthValue(code: GrowthCode, value: number): string {
  return BYTES.has(code) ? `${(value / 1e6).toFixed(1)} MB` : value.toLocaleString('en');
}

export function mallocNotReadText(allocator: Allocator): string {
  return allocator === 'glibc'
    ? 'Blocks of malloc could not be read (/proc/PID/mem), so that growth outside V8 is known by the resident set alone. Run leak-lab as the user of the process, or as root where Yama forbids it.'
    : `The allocator is ${allocator === 'unknown' ? 'not known' : allocator}, whose blocks cannot be read: growth outside V8 is known by the resident set alone.`;
}
