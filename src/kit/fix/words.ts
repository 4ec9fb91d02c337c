import type { Assumption, DeclinedReason, Done } from './model.js';

/** What a patch does, in a sentence. */
export function doneText(done: Done): string {
  switch (done.code) {
    case 'bounded-with-lru':
      return `${done.container} becomes an lru-cache of ${count(done.maxEntries)} entries (${done.constant}): the entry that was used least recently goes first.`;
    case 'bounded-oldest-first':
      return `${done.container} has ${count(done.maxEntries)} entries at most (${done.constant}): the oldest entry goes first.`;
    case 'delete-moved-into-finally':
      return `The entry of ${done.container} that is added at line ${done.line} is deleted in a finally, also where the work fails.`;
  }
}

/** What has to be true, as a sentence that the author can check. */
export function assumptionText(assumption: Assumption): string {
  switch (assumption.code) {
    case 'loads-again':
      return `What is not in the cache is loaded again: ${assumption.file}:${assumption.line} does it.`;
    case 'loads-the-same':
      return `${assumption.by} gives the same value for the same key, so that no client notices an eviction.`;
    case 'bound-is-enough':
      return `${count(assumption.maxEntries)} entries are more than are in use at one time. Set ${assumption.constant} to what your service needs: the hit ratio falls where it is too small.`;
    case 'oldest-first':
      return 'Reading an entry does not keep it: a key that is in constant use is loaded again when it is the oldest. With lru-cache installed, it would stay.';
    case 'keys-are-text':
      return 'The keys are always text, or always numbers: an object takes 1 and "1" as one key, and a cache does not.';
    case 'entry-ends-with-load':
      return `Nothing needs the entry after the function of line ${assumption.line} has ended.`;
  }
}

/** Why no patch is offered, in one sentence. */
export function declinedText(reason: DeclinedReason): string {
  switch (reason.code) {
    case 'not-in-your-source':
      return 'The diagnosis names no file of this project: run leak-lab fix in the folder of the service, or build it with source maps.';
    case 'owner-not-found':
      return `${reason.name} is not declared in the files that the diagnosis names.`;
    case 'several-owners':
      return `${reason.count} declarations may be meant by ${reason.name}, and only one of them leaks.`;
    case 'does-not-parse':
      return `${reason.file}:${reason.line} does not parse: ${reason.message}.`;
    case 'no-pattern':
      return `No pattern of leak-lab fix mends this code: what grows is of the kind "${reason.kind}", and how it ends depends on what it is for.`;
    case 'is-bounded':
      return `Line ${reason.line} compares its size with a bound already, so another bound would be a second opinion.`;
    case 'escapes':
      return `Line ${reason.line} gives ${reason.container} to code that may do anything with it.`;
    case 'used-elsewhere':
      return `${reason.file}:${reason.line} uses ${reason.container} as well, so one file does not show what may be evicted.`;
    case 'never-read':
      return `No code of its file reads ${reason.container}, so it is no cache: remove it, or say what it is for.`;
    case 'only-copy':
      return `${reason.container} is the only copy of its data: line ${reason.line} has no way to load an entry again, so an evicted one would be lost.`;
    case 'miss-is-an-error':
      return `Line ${reason.line} treats an entry that is not in ${reason.container} as an error or as nothing, so an evicted one would give a wrong answer.`;
    case 'entries-change':
      return `Line ${reason.line} changes what ${reason.container} holds, so an evicted entry would lose the change.`;
    case 'entries-are-made':
      return `Line ${reason.line} makes what ${reason.container} holds instead of loading it, so an evicted entry could not be brought back.`;
    case 'loads-differ':
      return `${reason.by} (line ${reason.line}) may give another value the next time, so clients would notice an eviction.`;
    case 'is-listed':
      return `Line ${reason.line} goes through all entries of ${reason.container}, and evicted ones would be missing.`;
    case 'callers-not-found':
      return `The function at line ${reason.line} hands out what is in ${reason.container}, and no caller was found that loads what is missing.`;
    case 'caller-keeps-nothing':
      return `${reason.file}:${reason.line} does not load what it does not find in ${reason.container}, so an evicted entry would be missing there.`;
    case 'remembers-seen':
      return `${reason.container} remembers what has been seen (line ${reason.line}), and what it forgets would be taken for new.`;
    case 'used-after':
      return `${reason.name} is declared before line ${reason.line} and used after it, so the lines between cannot be put into a try.`;
    case 'needs-lru-cache':
      return `Line ${reason.line} adds entries in a way that only a cache class can bound: install lru-cache, and run this again.`;
    case 'type-errors':
      return `With the patch, the compiler reports ${reason.count === 1 ? 'an error' : `${reason.count} errors`}: ${reason.first}`;
    case 'tests-fail':
      return `With the patch, ${reason.command} fails:\n${reason.output}`;
    case 'tests-fail-already':
      return `${reason.command} fails without the patch as well, so it cannot judge one: repair it, or pass --test CMD or --no-test.\n${reason.output}`;
    case 'patched-already':
      return `The patch of suspect ${reason.rank} changes ${reason.file} as well: apply it, and diagnose again.`;
    case 'edit-broke-syntax':
      return `The patched file would not parse (${reason.message}): this is a bug in leak-lab, please report it.`;
  }
}

const count = (value: number): string => value.toLocaleString('en');
