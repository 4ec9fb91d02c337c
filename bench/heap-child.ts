/** What a measured process says of itself at its end. */
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
