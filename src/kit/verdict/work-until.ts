/**
 * Work left until memory in use reaches a limit at this growth rate.
 *
 * @param limitBytes such as the heap limit
 * @param nowBytes memory in use now
 * @param bytesPerWork growth rate in bytes per request (or second)
 * @returns requests (or seconds); 0 at or beyond the limit, Infinity when not growing
 */
export function workUntil(limitBytes: number, nowBytes: number, bytesPerWork: number): number {
  if (nowBytes >= limitBytes) return 0;
  return bytesPerWork > 0 ? (limitBytes - nowBytes) / bytesPerWork : Infinity;
}
