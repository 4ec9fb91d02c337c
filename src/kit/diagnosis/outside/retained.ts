import type { RuledOut, Suspect } from '../model/result.js';
import { retainedByJavaScript } from './blocks.js';
import { isKnownToStay } from './choose-site.js';
import type { Cause } from './suspects.js';

/** Containers of V8's heap that grew, as the walk found them. */
export interface Retainers {
  suspects: readonly Suspect[];
  ruledOut: readonly RuledOut[];
}

/** Rates that differ by less are the same: one entry for one file. */
const SAME_RATE = 0.03;

/**
 * The container that takes an entry for each that is made: it retains them. One of each per request is common, so
 * of memory that says nothing, unless what is made is known to stay.
 */
function retainerOf<S extends Suspect>(
  cause: Cause,
  containers: readonly S[],
  isShownByBlocks = false,
): S | undefined {
  const { growth, site } = cause;
  const isMemory = growth.code === 'native-memory' || growth.code === 'children-memory';
  const isCounted = !isMemory || (site !== null && (isKnownToStay(site, growth) || isShownByBlocks));
  const rates = [
    isMemory ? null : growth.verdict.growthRate.estimate,
    isCounted ? (site?.callsPerWork ?? null) : null,
  ];
  return containers.find(({ entriesPerWork }) =>
    rates.some(
      (rate) =>
        rate !== null &&
        rate > 0 &&
        entriesPerWork !== null &&
        Math.abs(entriesPerWork / rate - 1) < SAME_RATE,
    ),
  );
}

/** Of the blocks of a size, a sample says how many are of a class. */
const SAME_RATE_OF_BLOCKS = 0.15;

/** Whether as many blocks stay as the line makes, and JavaScript retains them. */
function stays({ site, blocks }: Cause): boolean {
  const root = retainedByJavaScript(blocks);
  return (
    root !== null && site !== null && Math.abs(root.perWork / site.callsPerWork - 1) < SAME_RATE_OF_BLOCKS
  );
}

/** Sockets and handles are retained by what uses them, which says more than they do: they stay suspects of their own. */
const STAY_APART = /^(sockets|pipes|watches|handles:)/;

/**
 * The container of V8's heap that retains what a known line makes outside it: one leak, which weighs what both weigh.
 * Null where they are two.
 */
export function sameLeak(cause: Cause, { suspects }: Retainers): Suspect | null {
  if (cause.places.length !== 1 || STAY_APART.test(cause.growth.code)) return null;
  return retainerOf(cause, suspects, stays(cause)) ?? retainerOfLarge(cause, suspects) ?? null;
}

/** Contexts and WebAssembly memories weigh so much in V8's own figures that what retains most of these retains them. */
const LARGE_BYTES = 10_000;
const MOST_OF_GROWTH = 0.5;

function retainerOfLarge({ growth }: Cause, suspects: readonly Suspect[]): Suspect | undefined {
  if (growth.code !== 'contexts' && growth.code !== 'webassembly-memories') return undefined;
  const each = growth.verdict.growthRate.estimate;
  return suspects.find(
    ({ growthShare, bytesPerWork }) =>
      (growthShare ?? 0) >= MOST_OF_GROWTH && (bytesPerWork ?? 0) >= LARGE_BYTES * each,
  );
}

/** The suspect of a cause with the path to what retains it, on into native memory, and with its weight. */
export function mergedWith(suspect: Suspect, retainer: Suspect | null): Suspect {
  if (!retainer) return suspect;
  const { path, rawPath, bytesPerWork, sampleKeys, entriesPerWork } = retainer;
  const root = retainedByJavaScript(suspect.nativeBlocks ?? []);
  const eachBytes = (suspect.bytesPerWork ?? 0) / (entriesPerWork ?? 0);
  const isWeighed = root !== null && Number.isFinite(eachBytes) && eachBytes > 0;
  return {
    ...suspect,
    path: isWeighed ? [...path, `[native] ${root.type.name}, ${inBytes(eachBytes)} each`] : path,
    ...(rawPath && { rawPath }),
    ...(sampleKeys && { sampleKeys }),
    bytesPerWork: (suspect.bytesPerWork ?? 0) + (bytesPerWork ?? 0),
  };
}

const inBytes = (bytes: number): string =>
  bytes < 1e3 ? `${Math.round(bytes)} B` : `${(bytes / 1e3).toFixed(1)} kB`;

/** Why a cause is no leak: the container that retains what it makes has a bound, or is emptied. */
export function ruledOutBy(cause: Cause, { ruledOut, suspects }: Retainers): RuledOut | null {
  if (retainerOf(cause, suspects)) return null;
  return retainerOf(cause, ruledOut) ?? null;
}
