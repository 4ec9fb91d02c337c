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

export function signed(bytes: number): string {
  const isBelowZero = bytes <= -0.05e6; // what rounds to −0.0 MB is no change
  return `${isBelowZero ? '−' : '+'}${megabytes(Math.abs(bytes))}`;
}
