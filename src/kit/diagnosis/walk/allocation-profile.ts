import type { Protocol } from 'devtools-protocol';
import { isNodeFile, isPackageFile } from '../../heap/index.js';
import type { InspectorSession } from '../../process/session.js';

/** A function that allocated live bytes, and how many. */
export interface Allocation {
  function: string;
  script: string;
  /** Of the function. From 1. */
  line: number;
  column: number;
  bytes: number;
  /** Whether no function of the program called it: it handles the request, or a timer, and says little. */
  isEntry: boolean;
}

type ProfileNode = Protocol.HeapProfiler.SamplingHeapProfileNode;

/** So many samples tell the shares of the large ones to within a few per cent. */
const SAMPLES = 400;
const FINEST_BYTES = 2 * 1024;
const COARSEST_BYTES = 512 * 1024;

/**
 * Begins to sample allocations. V8 forgets samples of what is collected, so what is left at the end are live bytes.
 *
 * @param expectedBytes how much is expected to stay alive
 * @returns what ends the sampling, with a collection
 */
export async function sampleAllocations(
  session: InspectorSession,
  expectedBytes: number,
): Promise<() => Promise<Allocation[]>> {
  const interval = Math.min(COARSEST_BYTES, Math.max(FINEST_BYTES, Math.round(expectedBytes / SAMPLES)));
  await session.post('HeapProfiler.startSampling', { samplingInterval: interval });
  return async () => {
    await session.post('HeapProfiler.collectGarbage');
    const { profile } = await session.post('HeapProfiler.stopSampling');
    return attribute(profile.head);
  };
}

/** Attributes each sample to the nearest caller in a file of the program; where there is none, to the nearest of a package. */
function attribute(head: ProfileNode): Allocation[] {
  const sums = new Map<string, Allocation>();
  const visit = (
    node: ProfileNode,
    own: ProfileNode | null,
    foreign: ProfileNode | null,
    isEntry: boolean,
  ): void => {
    const { url } = node.callFrame;
    const isCode = url !== '' && !isNodeFile(url);
    if (isCode && isPackageFile(url)) foreign = node;
    else if (isCode) {
      isEntry = own === null;
      own = node;
    }
    const site = own ?? foreign;
    if (site && node.selfSize > 0) {
      const { functionName, scriptId, lineNumber, columnNumber } = site.callFrame;
      const key = `${scriptId}:${lineNumber}:${columnNumber}`;
      const sum = sums.get(key) ?? {
        function: functionName || '(anonymous)',
        script: scriptId,
        line: lineNumber + 1,
        column: columnNumber + 1,
        bytes: 0,
        isEntry,
      };
      sum.bytes += node.selfSize;
      sums.set(key, sum);
    }
    for (const child of node.children) visit(child, own, foreign, isEntry);
  };
  visit(head, null, null, true);
  return [...sums.values()].toSorted((a, b) => b.bytes - a.bytes);
}
