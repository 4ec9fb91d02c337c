import type { Verdict } from '../verdict/index.js';
import { type GrowthCode, isBytes } from './growth.js';
import type { Allocator } from './ledger.js';
import type { OutsideReason } from './reason.js';
import type { LedgerPart, MissingPart } from './source.js';

/* The sentences about what grows outside V8's heap, for all who judge it. */

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

/** A record, so that a code that is missing here does not compile. */
const CODES: Record<OutsideReason['code'], true> = {
  'grows-outside-v8': true,
  'may-grow-outside-v8': true,
  'leaks-outside-v8': true,
};

export function isOutsideReason(reason: { code: string }): reason is OutsideReason {
  return reason.code in CODES;
}

/** Why memory outside the heap decides. */
export function outsideReasonText(reason: OutsideReason, unit: string): string {
  switch (reason.code) {
    case 'grows-outside-v8':
      return `The heap is bounded, but the process grew: its resident set, without V8's heap and buffers, grew by ${Math.round(reason.bytesPerWork).toLocaleString('en')} bytes per ${unit}. A native module, a thread with a heap of its own, or an allocator that keeps freed pages does that, and the heap cannot show which. ${howToLookText(reason.allocator)}`;
    case 'may-grow-outside-v8':
      return `The heap is bounded, but ${growthName(reason.what)} went from ${growthValue(reason.what, reason.first)} to ${growthValue(reason.what, reason.last)}, and it is not settled whether that ends. Measure longer, or run leak-lab diagnose.`;
    case 'leaks-outside-v8':
      return leaksText(reason, unit);
  }
}

function leaksText(
  { what, perWork, gained, heapGrows, rested, limit }: Extract<OutsideReason, { code: 'leaks-outside-v8' }>,
  unit: string,
): string {
  const name = growthName(what);
  const amount = (value: number): string =>
    isBytes(what) ? Math.round(value).toLocaleString('en') : `${Number(value.toPrecision(3))}`;
  const heap = heapGrows ? 'The heap grows, and so does what is outside it' : 'The heap does not show it';
  const atLimit =
    limit === null
      ? ''
      : ` The process may have ${limit.toLocaleString('en')} files and sockets open; then it fails with EMFILE.`;
  return `${heap}: ${name} ${isBytes(what) ? 'grows' : 'grow'} by ${amount(perWork.estimate)}${isBytes(what) ? ' bytes' : ''} per ${unit} (${amount(perWork.low)} to ${amount(perWork.high)}), ${isBytes(what) ? `${(gained / 1e6).toFixed(1)} MB` : gained.toLocaleString('en')} during the measurement${rested ? ', and a rest gave nothing back' : ''}.${atLimit}`;
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
  const bytes = isBytes(code) ? ' bytes' : '';
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
  return isBytes(code) ? `${(value / 1e6).toFixed(1)} MB` : value.toLocaleString('en');
}

/** What a person can do to see what grows: with the means of the system, and of its malloc. */
function howToLookText(allocator: Allocator | null): string {
  const limits = 'give worker threads resourceLimits.';
  if (allocator === null) return `Look at its memory with the means of the system; ${limits}`;
  if (allocator === 'libmalloc')
    return `Compare vmmap --summary PID over time; start it with MallocStackLogging=1, and leaks PID and malloc_history PID name the stacks; ${limits}`;
  const arenas = ', or with MALLOC_ARENA_MAX=2, which limits what glibc keeps';
  return `Compare /proc/PID/smaps over time; run the process with jemalloc and its heap profiler${allocator === 'glibc' ? arenas : ''}; ${limits}`;
}

/** What makes the allocator give back what is free. */
export function keptPagesAdvice(allocator: Allocator): string {
  const sharp = 'Of sharp, sharp.cache(false) and sharp.concurrency(1) keep less.';
  if (allocator === 'glibc') return `MALLOC_ARENA_MAX=2 or jemalloc (LD_PRELOAD) gives it back. ${sharp}`;
  if (allocator === 'musl')
    return `Another allocator (LD_PRELOAD), such as jemalloc, may give back more. ${sharp}`;
  return sharp;
}

const PRELOADED = new Set<Allocator>(['jemalloc', 'tcmalloc', 'mimalloc']);
const NOT_ALLOWED = 'Run leak-lab as the user of the process, or as root where Yama forbids it.';

export function mallocNotReadText(allocator: Allocator): string {
  const resident = 'growth outside V8 is known by the resident set alone';
  if (allocator === 'glibc')
    return `Blocks of malloc could not be read (/proc/PID/mem), so that ${resident}. ${NOT_ALLOWED}`;
  if (allocator === 'musl')
    return `Blocks of musl's malloc could not be read (/proc/PID/mem), so that ${resident}. ${NOT_ALLOWED} Before musl 1.2.1, malloc was another one, which cannot be read.`;
  if (allocator === 'libmalloc')
    return `What malloc has in use could not be read (of more than a gigabyte, vmmap shows tenths), so that ${resident}.`;
  const name = allocator === 'unknown' ? 'not known' : allocator;
  const without = PRELOADED.has(allocator)
    ? ' With that of the C library, which it replaces, every block is read and the line that makes them is named.'
    : '';
  return `The allocator is ${name}, whose blocks cannot be read: ${resident}.${without}`;
}

const PARTS: Record<LedgerPart, string> = {
  memory: 'Memory by kind, and what malloc has in use,',
  'open-files': 'Open files',
  threads: 'Threads',
  children: 'Child processes',
};

/** A part of what is outside V8 that could not be read. */
export function missingText({ part, because }: MissingPart): string {
  return `${PARTS[part]} could not be read, because ${because.replace(/[.\s]+$/, '')}.`;
}

/** Where there is no `/proc`. */
export function outsideNotReadText(): string {
  return 'This system does not tell what a process holds outside V8 (it has no /proc): of that, only the resident set was judged.';
}
