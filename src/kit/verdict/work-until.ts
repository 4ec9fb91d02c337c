/**
 * Work left until `limitBytes` at this growth: when a leak will meet the heap's limit.
 *
 * @param limitBytes where memory ends
 * @param nowBytes memory in use now
 * @param bytesPerWork bytes kept for each request (or second)
 * @returns requests (or seconds); 0 at or beyond the limit, Infinity when not growing
 */
export function workUntil(limitBytes: number, nowBytes: number, bytesPerWork: number): number {
  if (nowBytes >= limitBytes) return 0;
  return bytesPerWork > 0 ? (limitBytes - nowBytes) / bytesPerWork : Infinity;
}
