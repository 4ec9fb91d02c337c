import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SuspectKind } from '../../src/kit/diagnosis/model/result.js';

/** Programs that leak, each in its way, and what a diagnosis has to say of them. */
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
  'message-ports.mjs': { kind: 'objects', name: /^MessagePort \([\d,]+ of them/ },
  'linked-list.mjs': { kind: 'objects', name: /› queue\.head \(/ },
  'awaiting-loop.mjs': { kind: 'container', name: /› collect\(\) › a local variable \(Array, / },
  'text.mjs': { kind: 'container', name: /^leaks\/text\.mjs › journal \(string, in [\d,]+ pieces/ },
  'ttl-only.mjs': { kind: 'container', name: /› quotes\.cache \(LRUCache, / },
};

/** Large data that stays the same: of one snapshot it may come first, of two never. */
export const besideStaticData = { kind: 'container', name: /› visits\.log \(Map, / } as const;

/** A list of Node itself: every process has such lists, so that one snapshot says nothing of them. */
export const insideOfNode = {
  kind: 'container',
  name: /^node:internal\/perf\/observe › mark\w+ \(Array, /,
} as const;

/** Objects of a class of Node's, held by native code: of two snapshots the only word there is for what grew. */
export const heldByNode = { kind: 'objects', name: /^MessagePort \([\d,]+ of them/ } as const;

const run = promisify(execFile);
const here = new URL('.', import.meta.url).pathname;

/** Two snapshots of one process that runs the program: before and after most of its leak. */
export async function snapshotsOf(program: string, directory: string, requests = 4000): Promise<string[]> {
  const files = [1, 2].map((at) => join(directory, `${program}.${at}.heapsnapshot`));
  const runner = join(here, 'leak-snapshots.mjs');
  await run(process.execPath, [runner, join(here, 'leaks', program), ...files, String(requests)]);
  return files;
}
