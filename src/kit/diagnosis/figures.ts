/* Figures as the sentences of a diagnosis have them. */

export function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `42 s`, `30 min`, `17 hours`. */
export function duration(ms: number): string {
  if (ms < 2 * 60_000) return `${Math.ceil(ms / 1_000)} s`;
  if (ms < 2 * 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 48 * 3_600_000 ? `${Math.round(ms / 3_600_000)} hours` : `${count(ms / 86_400_000)} days`;
}

export function signed(bytes: number): string {
  const isBelowZero = bytes <= -0.05e6; // what rounds to −0.0 MB is no change
  return `${isBelowZero ? '−' : '+'}${megabytes(Math.abs(bytes))}`;
}
