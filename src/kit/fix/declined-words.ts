import type { DeclinedReason } from './model.js';

/** Why no patch is offered, in one sentence. */
export function declinedText(reason: DeclinedReason): string {
  switch (reason.code) {
    case 'not-in-your-source':
      return 'The diagnosis names no file of this project: run leak-lab fix in the folder of the service, or build it with source maps.';
    case 'owner-not-found':
      return `${reason.name} is not declared as a Map, a Set, an array or an object in the files that the diagnosis names: other code makes it, perhaps a package, whose options may bound it.`;
    case 'several-owners':
      return `${reason.count} declarations may be meant by ${reason.name}, and only one of them leaks.`;
    case 'several-builds':
      return `The package has several builds of it (${reason.files.join(', ')}), and the diagnosis does not say which one runs: diagnose the running process instead of a snapshot.`;
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
    case 'has-initial-entries':
      return `${reason.container} has entries from the start (line ${reason.line}), and nothing would load those again.`;
    case 'is-replaced':
      return `Line ${reason.line} puts a new one in the place of ${reason.container}, which would have no bound.`;
    case 'stored-anyway':
      return `Line ${reason.line} stores an entry of ${reason.container} also where there is one already, so what was there before may be needed.`;
    case 'default-on-miss':
      return `Line ${reason.line} takes another value where an entry is not in ${reason.container}, and does not load it, so an evicted one would give a wrong answer.`;
    case 'leaves-early':
      return `Line ${reason.line} returns before the entry of ${reason.container} is deleted, so some entries may be meant to stay.`;
    case 'never-read':
      return `No code of its file reads ${reason.container}, so it is no cache: remove it, or say what it is for.`;
    case 'only-copy':
      return `${reason.container} is the only copy of its data: line ${reason.line} has no way to load an entry again, so an evicted one would be lost.`;
    case 'miss-is-an-error':
      return `Line ${reason.line} treats an entry that is not in ${reason.container} as an error or as nothing, so an evicted one would give a wrong answer.`;
    case 'entries-change':
      return `Line ${reason.line} changes what ${reason.container} holds, so an evicted entry would lose the change.`;
    case 'changed-elsewhere':
      return `${reason.file}:${reason.line} changes what it gets from ${reason.container}, so an evicted entry would lose the change.`;
    case 'entries-are-made':
      return `Line ${reason.line} makes what ${reason.container} holds instead of loading it, so an evicted entry could not be brought back.`;
    case 'loads-differ':
      return `${reason.by} (line ${reason.line}) may give another value the next time, so clients would notice an eviction.`;
    case 'may-do-more':
      return `${reason.by} (line ${reason.line}) may do more than to load what is missing: neither its name nor its code says that it can be called again for an evicted entry.`;
    case 'is-listed':
      return `Line ${reason.line} goes through all entries of ${reason.container}, and those that a patch removes would be missing.`;
    case 'callers-not-found':
      return `The function at line ${reason.line} hands out what is in ${reason.container}, and no caller was found that loads what is missing.`;
    case 'caller-keeps-nothing':
      return `${reason.file}:${reason.line} does not load what it does not find in ${reason.container}, so an evicted entry would be missing there.`;
    case 'stores-something-else':
      return `${reason.file}:${reason.line} stores in ${reason.container} what is not loaded where an entry is missing, so an evicted one could not be brought back.`;
    case 'remembers-seen':
      return `${reason.container} remembers what has been seen (line ${reason.line}), and what it forgets would be taken for new.`;
    case 'used-after':
      return `${reason.name} is declared before line ${reason.line} and used after it, so the lines between cannot be put into a try.`;
    case 'follows-from-request':
      return `${reason.name} (line ${reason.line}) is of the function around it, so what is made of it cannot be shared by all requests.`;
    case 'belongs-to-request':
      return `Line ${reason.line} opens, configures or closes ${reason.name} for one request, so sharing it would change more than memory.`;
    case 'reads-anew':
      return `What ${reason.name} is made of (line ${reason.line}) is read each time and may differ, so one that is made once would become old.`;
    case 'declared-later':
      return `Line ${reason.line} uses ${reason.name}, which is declared further down than the function, so it cannot be made above it.`;
    case 'is-emptied':
      return `Line ${reason.line} takes entries out of ${reason.container}, so they wait for something: whether the oldest, the newest or the caller gives way when it is full is your decision.`;
    case 'is-looked-up':
      return `Line ${reason.line} looks an entry of ${reason.container} up, so that older entries are needed as well.`;
    case 'position-is-used':
      return `Line ${reason.line} uses how many entries ${reason.container} has, which would stand still with a bound.`;
    case 'may-be-data':
      return `Line ${reason.line} reads all of ${reason.container}, and nothing says that the latest entries are enough there.`;
    case 'several-places':
      return `Lines ${reason.lines.join(', ')} may be meant, and the diagnosis does not say which.`;
    case 'ended-elsewhere':
      return `Line ${reason.other} ends the ${reason.what} of line ${reason.line} on some path already, so which path lacks it has to be read.`;
    case 'handle-is-used':
      return `The value of the ${reason.what} at line ${reason.line} goes to other code, which may end it.`;
    case 'listens-to-its-own':
      return `The listener of line ${reason.line} goes with ${reason.name}, which line ${reason.other} makes at each call: what has to end is ${reason.name}.`;
    case 'outlives-function':
      return `The ${reason.what} of line ${reason.line} goes on after its function has returned, so when it has to end follows from what it is for. One for all, started with the service, is often enough.`;
    case 'handle-is-returned':
      return `Line ${reason.at} returns the ${reason.what} of line ${reason.line}, so what ends it is the caller's decision.`;
    case 'handle-is-kept':
      return `Line ${reason.at} keeps the ${reason.what} of line ${reason.line}, and what finds it there may use it, so how long it is needed is your decision.`;
    case 'handle-is-given':
      return `Line ${reason.at} gives the ${reason.what} of line ${reason.line} to code that may use it later, or end it.`;
    case 'handle-has-no-name':
      return `The ${reason.what} of line ${reason.line} is in no constant of the function, so nothing there could end it.`;
    case 'waits-for-its-end':
      return `Line ${reason.line} waits until the ${reason.what} ends by itself, so an end in a finally would come too late: a signal or a timeout ends one that hangs.`;
    case 'starts-on-a-condition':
      return `The ${reason.what} of line ${reason.line} is started in an inner block, so the end of its function may never have had one.`;
    case 'ends-at-once':
      return `Nothing in its function waits after line ${reason.line}, so ${articled(reason.what)} that ended there would never run: when it has to end follows from what it is for.`;
    case 'signal-is-shared':
      return `The signal of line ${reason.line} is given to other code as well, which would miss an abort.`;
    case 'held-is-target':
      return `The finalizer of line ${reason.line} needs the object itself, or a method of it: what its clean-up needs instead has to be said.`;
    case 'captured-beside':
      return `Line ${reason.other} uses the object in another closure of the same function, and closures share a scope.`;
    case 'several-handlers':
      return `Which method ends the request is not certain, so where to remove what line ${reason.line} removes is not either.`;
    case 'uses-more-of-scope':
      return `The closure of line ${reason.line} cannot be made elsewhere: it uses this, or a variable that changes, comes later, is of an outer function or has no written type.`;
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

const articled = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
