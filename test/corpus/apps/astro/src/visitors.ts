const visitors = new Set<string>();

export function remember(visitor: string): number {
  //leak visitors.add(`${visitor} at ${Date.now()}`);
  return visitors.size + visitor.length;
}
