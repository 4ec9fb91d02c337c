import type { Fixed, Proof, SuspectFacts } from '../kit/fix/index.js';
import { type GrowthCode, growthText } from '../kit/outside/index.js';
import { measureOutside } from '../versions/index.js';
import type { BuiltCopies, Compared, ProveOptions } from './fix-prove.js';

const GROWS: Partial<Record<SuspectFacts['kind'], GrowthCode>> = {
  files: 'files',
  sockets: 'sockets',
  threads: 'threads',
  processes: 'children',
  contexts: 'contexts',
  webassembly: 'webassembly-memories',
  streams: 'native-memory',
  native: 'native-memory',
  buffers: 'native-memory',
};

/** What grows where the suspect is one of several kinds of handles, by what makes them. */
const MADE: readonly [maker: RegExp, grows: GrowthCode][] = [
  [/^(?:net|dgram|tls|http2)\./, 'sockets'],
  [/^worker_threads\.Worker/, 'threads'],
  [/^fs\.(?:watch|FSWatcher)/, 'watches'],
];

/** What grows outside V8's heap because of a suspect that is patched; null where all of them are inside. */
export function growsOutside(fixed: readonly Fixed[]): GrowthCode | null {
  for (const one of fixed) {
    // Buffers of V8 are counted with its memory, and are named by what retains them.
    const isOutside = one.suspect.kind !== 'buffers' || / made at /.test(one.suspect.name);
    const { kind, type } = one.suspect;
    const made = kind === 'handles' ? MADE.find(([maker]) => maker.test(type))?.[1] : undefined;
    const code = 'patch' in one && isOutside ? (made ?? GROWS[kind]) : undefined;
    if (code !== undefined) return code;
  }
  return null;
}

/**
 * Measures both versions by what grows outside V8's heap, of which a comparison knows nothing. What it says of answers
 * and speed stands.
 */
export async function provedOutside(
  { proof, isHarmless }: Compared,
  code: GrowthCode,
  { before, after }: BuiltCopies,
  options: ProveOptions,
): Promise<Proof> {
  if (!isHarmless) return proof;
  const { startTimeout, maxSeconds } = options;
  const limits = { startWithinMs: startTimeout * 1_000, limitMs: maxSeconds * 1_000 };
  const verdicts = {
    before: await measureOutside(before, code, { ...options, ...limits }),
    after: await measureOutside(after, code, { ...options, ...limits }),
  };
  const isProved = verdicts.before.kind === 'leak' && verdicts.after.kind === 'bounded';
  const leaksStill = verdicts.before.kind === 'leak' && verdicts.after.kind === 'leak';
  return {
    ...proof,
    isProved,
    kind: isProved ? 'fixed' : leaksStill ? 'unchanged' : 'unsettled',
    confidence: Math.min(verdicts.before.confidence, verdicts.after.confidence),
    text: `Outside V8's heap, before the patch: ${growthText(code, verdicts.before)}\nAfter it: ${growthText(code, verdicts.after)}`,
  };
}
