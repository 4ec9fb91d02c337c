/** What a measured process reports when it is done. */
export interface ChildResult {
  nodes: number;
  edges: number | null;
  heapBytes: number;
  found: string | null;
  peakRssBytes: number;
}

export function finish(result: Omit<ChildResult, 'peakRssBytes'>): void {
  const peakRssBytes = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(JSON.stringify({ ...result, peakRssBytes } satisfies ChildResult));
}
