import { expect, it } from 'vitest';
import { fixSuspect } from '../src/kit/fix/index.js';
import { patternNames, type PatternName } from '../src/specimens/names.js';
import { gallerySuspects } from './support/gallery-suspects.js';

/** What becomes of each leaky half: the pattern that mends it, or the reason why nothing does. */
const OUTCOMES: Record<PatternName, string> = {
  'unbounded-map': 'bounded-cache',
  'in-flight': 'delete-in-finally',
  listeners: 'ended-resource',
  'abort-signals': 'abort-any',
  // Nothing in its handler waits after the interval is started: an end there would be an interval that never runs.
  timers: 'ends-at-once',
  'shared-scope': 'shared-scope',
  'promise-race': 'raced-promise',
  finalizers: 'finalizer-held',
  'weak-refs': 'bounded-cache',
  // The timer has to run an hour later.
  'async-context': 'outlives-function',
  subscriptions: 'subscription-in-pipe',
  'request-scope': 'request-scoped',
  // The counts are nowhere else.
  'metric-labels': 'entries-change',
  'buffer-pool': 'copied-slice',
  'sliced-strings': 'copied-slice',
  'audit-log': 'bounded-log',
  // What to give up is a decision.
  'offline-queue': 'is-emptied',
  'unequal-keys': 'bounded-cache',
  'lazy-ttl': 'bounded-cache',
  'worker-threads': 'ended-handle',
  'child-processes': 'ended-handle',
  'file-handles': 'ended-handle',
  // Whether its callers may share one is not said by the function that makes it.
  'udp-sockets': 'handle-is-kept',
  'zlib-streams': 'ended-handle',
  // One for all hosts would end the growth of native memory, and leave a list that grows.
  'tls-contexts': 'handle-is-kept',
  // What a reader that does not answer is owed is a decision.
  'shared-buffers': 'handle-is-kept',
  'wasm-memory': 'copied-view',
};

const fixedHalf = (text: string): string => /^export class Fixed[^]*?^\}/m.exec(text)?.[0] ?? '';

it.each(patternNames)(
  'the leaky half of %s gets the patch that it can get, in that half alone',
  async (name) => {
    const suspects = await gallerySuspects(process.cwd());
    const fixed = await fixSuspect(suspects[name], { root: process.cwd(), maxEntries: 100 });
    expect('patch' in fixed ? fixed.patch.pattern : fixed.declined.code).toBe(OUTCOMES[name]);
    if (!('patch' in fixed)) return;
    expect(fixedHalf(fixed.patch.after)).toBe(fixedHalf(fixed.patch.before));
    expect(fixedHalf(fixed.patch.before)).not.toBe('');
  },
);

it('a list of TLS contexts is no log, also where the diagnosis names the list', async () => {
  const { 'tls-contexts': first } = await gallerySuspects(process.cwd());
  const list = {
    ...first,
    kind: 'container' as const,
    owner: 'SpecimensModule › LeakyTlsContexts',
    name: 'SpecimensModule › LeakyTlsContexts.contexts (Array, 1,000 entries)',
    type: 'Array',
  };
  const fixed = await fixSuspect(list, { root: process.cwd(), maxEntries: 100 });
  expect('patch' in fixed ? fixed.patch.pattern : fixed.declined.code).toBe('handle-is-kept');
});
