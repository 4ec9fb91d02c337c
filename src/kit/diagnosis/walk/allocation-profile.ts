import type { InspectorSession } from '../../process/session.js';

/** A function that allocated what is still alive, and how much of it. */
export interface Allocation {
  function: string;
  script: string;
  /** Of the function. From 1. */
  line: number;
  column: number;
  bytes: number;
}

interface ProfileNode {
  callFrame: {
    functionName: string;
    scriptId: string;
    url: string;
    lineNumber: number;
    columnNumber: number;
  };
  selfSize: number;
  children: ProfileNode[];
}

/** So many samples tell the shares of the large ones to a few per cent. */
const SAMPLES = 400;
const FINEST_BYTES = 2 * 1024;
const COARSEST_BYTES = 512 * 1024;

/**
 * Begins to note, for a sample of all objects that are made from now on, who makes them. What is collected again is
 * forgotten, so what is left at the end is what stays.
 *
 * @param expectedBytes how much is expected to stay
 * @returns what ends it
 */
export async function sampleAllocations(
  session: InspectorSession,
  expectedBytes: number,
): Promise<() => Promise<Allocation[]>> {
  const interval = Math.min(COARSEST_BYTES, Math.max(FINEST_BYTES, Math.round(expectedBytes / SAMPLES)));
  await session.post('HeapProfiler.startSampling', { samplingInterval: interval });
  return async () => {
    await session.post('HeapProfiler.collectGarbage');
    const { profile } = await session.post<{ profile: { head: ProfileNode } }>('HeapProfiler.stopSampling');
    return attribute(profile.head);
  };
}

/**
 * To whom an engineer would attribute it: to the nearest caller in a file of the program itself; where there is none,
 * to the nearest one of a package.
 */
function attribute(head: ProfileNode): Allocation[] {
  const sums = new Map<string, Allocation>();
  const visit = (node: ProfileNode, own: ProfileNode | null, foreign: ProfileNode | null): void => {
    const { url } = node.callFrame;
    const isCode = url !== '' && !url.startsWith('node:');
    if (isCode && url.includes('/node_modules/')) foreign = node;
    else if (isCode) own = node;
    const culprit = own ?? foreign;
    if (culprit && node.selfSize > 0) {
      const { functionName, scriptId, lineNumber, columnNumber } = culprit.callFrame;
      const key = `${scriptId}:${lineNumber}:${columnNumber}`;
      const sum = sums.get(key) ?? {
        function: functionName || '(anonymous)',
        script: scriptId,
        line: lineNumber + 1,
        column: columnNumber + 1,
        bytes: 0,
      };
      sum.bytes += node.selfSize;
      sums.set(key, sum);
    }
    for (const child of node.children) visit(child, own, foreign);
  };
  visit(head, null, null);
  return [...sums.values()].toSorted((a, b) => b.bytes - a.bytes);
}
