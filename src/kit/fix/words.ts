import type { Assumption, Done, NoRegressionTest } from './model.js';

/** What a patch does, in a sentence. */
export function doneText(done: Done): string {
  switch (done.code) {
    case 'bounded-with-lru':
      return `${done.container} becomes an lru-cache of ${count(done.maxEntries)} entries (${done.constant}): the entry that was used least recently goes first.`;
    case 'bounded-oldest-first':
      return `${done.container} ${done.becomesMap ? 'becomes a Map and ' : ''}has ${count(done.maxEntries)} entries at most (${done.constant}): the oldest entry goes first.`;
    case 'delete-moved-into-finally':
      return `The entry of ${done.container} that is added at line ${done.line} is deleted in a finally, also where the work fails.`;
    case 'bounded-list':
      return `${done.container} keeps the latest ${count(done.maxEntries)} entries (${done.constant}): the oldest one goes when one is added.`;
    case 'slice-copied':
      return `What ${done.container} stores is copied, so that a part of a ${done.type} (line ${done.line}) does not retain the whole.`;
    case 'ended':
      return `The ${done.what} of line ${done.line} is ended ${ENDED_ON[done.on] ?? `when ${done.on} closes`}.`;
    case 'view-copied':
      return `What line ${done.line} stores is copied, so that a view does not retain the whole memory.`;
    case 'held-fields':
      return `The finalizer of line ${done.line} holds ${done.fields.join(', ')} instead of the object that it waits for.`;
    case 'race-forgets':
      return `The race of line ${done.line} goes through ${done.helper}(), which leaves nothing on the long-lived promise when it has ended.`;
    case 'hook-moved':
      return `What ${done.hook} removes is removed when ${done.method}() ends: Nest calls that hook for singletons alone.`;
    case 'made-once':
      return `${done.name} (line ${done.line}) is made once, above the function, and not for each request.`;
    case 'closure-made-apart':
      return `The closure of line ${done.line} is made by ${done.name}(), so that its scope has only what it uses.`;
  }
}

const ENDED_ON: Partial<Record<string, string>> = {
  answer: 'when its first message has come',
  finally: 'in a finally, however the function ends',
  finalize: 'in finalize, when the answer is complete, fails or is given up',
};

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
    case 'keys-by-value':
      return 'Two keys with the same fields in the same order mean the same, and all of their values can be written as JSON.';
    case 'serves-several':
      return `${assumption.name} can serve several requests at once, and its options are the same for all.`;
    case 'entry-ends-with-load':
      return `Nothing needs the entry after the function of line ${assumption.line} has ended.`;
    case 'latest-are-enough':
      return `Where line ${assumption.line} reads, the latest ${count(assumption.maxEntries)} entries are enough. Set ${assumption.constant} to what is needed.`;
    case 'nothing-reads':
      return `Nothing reads the older entries of ${assumption.container}: its file does not read it at all.`;
    case 'shift-is-cheap':
      return `Moving ${count(assumption.maxEntries)} entries by one for each new one is fast enough; a ring would not move them.`;
    case 'nobody-writes-through':
      return `Nobody writes into the part that line ${assumption.line} cuts in order to change the whole.`;
    case 'is-well-formed':
      return `The text that line ${assumption.line} cuts has no half of a surrogate pair at its ends: a copy would replace it.`;
    case 'ends-with-connection':
      return `Nothing needs the ${assumption.what} after ${assumption.connection} has emitted "close".`;
    case 'ends-with-function':
      return `Nothing needs the ${assumption.what} after the work of the function at line ${assumption.line} has ended.`;
    case 'is-done':
      return `The ${assumption.what} of line ${assumption.line} has nothing more to do when line ${assumption.at} has what it waits for.`;
    case 'view-is-copied':
      return `What line ${assumption.line} stores is complete by then, and nobody writes into the memory through it.`;
    case 'called-for-each-signal':
      return 'The listener may be called once for each of the signals, where two of them abort.';
    case 'fields-stay':
      return `${assumption.fields.join(', ')} of the object do not change after it was registered.`;
    case 'only-this-promise':
      return `${assumption.name} is the promise of the race that stays pending; the others settle with their work. Where both settle at the same moment, the work wins.`;
    case 'request-ends-with':
      return `A request is over when ${assumption.method}() ends.`;
  }
}

const NO_TEST: Record<NoRegressionTest['because'], string> = {
  'not-installed':
    'leak-lab is not among its packages, and the test runs it. Install leak-lab as a development dependency',
  replayed: 'the requests are recorded, and the test sends one URL',
  'passes-before': 'before the patch, it did not fail because of what grows, so it would prove nothing',
  'fails-after': 'it did not pass with the patch in this runner',
};

/** Why no regression test is added. */
export function noRegressionText({ because, output }: NoRegressionTest): string {
  return `No regression test: ${NO_TEST[because]}.${output ? `\n${output}` : ''}`;
}

const count = (value: number): string => value.toLocaleString('en');
