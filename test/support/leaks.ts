import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SuspectKind } from '../../src/kit/diagnosis/model/result.js';

/** Programs that leak, each in another way, with the kind and name of the suspect that a diagnosis must give. */
export const leaks: Record<string, { kind: SuspectKind; name: RegExp }> = {
  'map-in-class.mjs': { kind: 'container', name: /› store\.sessions \(Map, / },
  'private-set.mjs': { kind: 'container', name: /› tracker\.#inFlight \(Set, / },
  'module-map.mjs': { kind: 'container', name: /^leaks\/module-map\.mjs › answers \(Map, / },
  'commonjs-set.cjs': { kind: 'container', name: /^leaks\/commonjs-set\.cjs › seen \(Set, / },
  'array.mjs': { kind: 'container', name: /› history \(Array, / },
  'dictionary.mjs': { kind: 'container', name: /› limiter\.byClient \(Object, / },
  'closed-over-map.mjs': { kind: 'container', name: /› memo\(\) › results \(Map, / },
  'two-indexes.mjs': { kind: 'container', name: /› registry\.by(?:Id|Email) \(Map, / },
  'map-of-sets.mjs': { kind: 'container', name: /› rooms \(Map, 100 / },
  'closure-chain.mjs': { kind: 'closures', name: /› current \(/ },
  'callbacks.mjs': { kind: 'closures', name: /› onClose \(/ },
  'listeners.mjs': { kind: 'listeners', name: /› bus \([\d,]+ listeners\)/ },
  'abort-listeners.mjs': { kind: 'listeners', name: /› shutdown\.#?\w* ?\([\d,]+ listeners\)/ },
  'signals.mjs': { kind: 'listeners', name: /^process \([\d,]+ listeners\)/ },
  'observers.mjs': { kind: 'listeners', name: /› feed\.changes\.\w+ \([\d,]+ listeners\)/ },
  'server-listeners.mjs': { kind: 'listeners', name: /^Server \([\d,]+ listeners\)/ },
  'timers.mjs': { kind: 'timers', name: /^leaks\/timers\.mjs:6 \([\d,]+ timers\)/ },
  'promises.mjs': { kind: 'promises', name: /› connected \(/ },
  'pending-replies.mjs': { kind: 'container', name: /› client\.pending \(Map, / },
  'finalizers.mjs': { kind: 'finalizers', name: /› registry \(/ },
  'buffer-slices.mjs': { kind: 'buffers', name: /› uploads\.heads \(/ },
  'sliced-strings.mjs': { kind: 'container', name: /› titles \(Array, / },
  'message-ports.mjs': { kind: 'objects', name: /^MessagePort \([\d,]+ objects without a common owner/ },
  'linked-list.mjs': { kind: 'objects', name: /› queue\.head \(/ },
  'awaiting-loop.mjs': { kind: 'container', name: /› collect\(\) › a local variable \(Array, / },
  'text.mjs': { kind: 'container', name: /^leaks\/text\.mjs › journal \(string, [\d,]+ pieces/ },
  'ttl-only.mjs': { kind: 'container', name: /› quotes\.cache \(LRUCache, / },
};

/** A leak beside large static data, which may be the first suspect of one snapshot, but never of two. */
export const besideStaticData = { kind: 'container', name: /› visits\.log \(Map, / } as const;

/** A list of Node itself. Every process has such lists, so that one snapshot does not name it. */
export const insideOfNode = {
  kind: 'container',
  name: /^node:internal\/perf\/observe › mark\w+ \(Array, /,
} as const;

/** Objects of a class of Node that only native code retains: two snapshots can name their class only. */
export const retainedByNative = {
  kind: 'objects',
  name: /^MessagePort \([\d,]+ objects without a common owner/,
} as const;

const run = promisify(execFile);
const here = new URL('.', import.meta.url).pathname;

/** Takes two snapshots of a process that runs the program, before and after most of its leak. */
export async function snapshotsOf(program: string, directory: string, requests = 4000): Promise<string[]> {
  const files = [1, 2].map((at) => join(directory, `${program}.${at}.heapsnapshot`));
  const runner = join(here, 'leak-snapshots.mjs');
  await run(process.execPath, [runner, join(here, 'leaks', program), ...files, String(requests)]);
  return files;
}
